import type { ComponentProps } from 'react';
import { cn } from './cn';

/** The box all glyphs are drawn in: 16 units, a stroke of 1.5 with round ends, in the colour of the text. */
export const GlyphBox = ({ size, className, ...rest }: ComponentProps<'svg'> & { size: number }) => (
  <svg
    viewBox="0 0 16 16"
    width={size}
    height={size}
    fill="none"
    stroke="currentColor"
    strokeWidth={1.5}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    {...rest}
    className={cn('inline-block shrink-0', className)}
  />
);
