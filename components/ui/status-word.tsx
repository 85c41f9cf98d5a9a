import type { ReactNode } from 'react';
import { cn } from './cn';
import { type Glyph, glyphTone, StatusGlyph } from './status-glyph';

/** Glyph and word in their hue, without a tint: for rows. */
export function StatusWord({
  status,
  size = 14,
  className,
  children,
}: {
  status: Glyph;
  size?: number;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <span className={cn('inline-flex items-center gap-2 align-top', glyphTone(status), className)}>
      <StatusGlyph status={status} size={size} />
      <span>{children ?? status}</span>
    </span>
  );
}
