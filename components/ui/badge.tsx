import type { ReactNode } from 'react';
import { cn } from './cn';
import { type Hue, hueText, hueTint } from './hue';
import { type Glyph, glyphHue, glyphTone, StatusGlyph } from './status-glyph';

/** Tinted word with its glyph. In headers only; rows take StatusWord. */
export function Badge({
  status,
  hue,
  className,
  children,
}: {
  status?: Glyph;
  hue?: Hue;
  className?: string;
  children: ReactNode;
}) {
  const shown = hue ?? (status ? glyphHue(status) : 'none');
  return (
    <span
      className={cn(
        'inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-badge px-2 text-12 font-medium',
        hueTint[shown],
        shown === 'none' && status ? glyphTone(status) : hueText[shown],
        className,
      )}
    >
      {status && <StatusGlyph status={status} size={14} className="text-inherit" />}
      {children}
    </span>
  );
}
