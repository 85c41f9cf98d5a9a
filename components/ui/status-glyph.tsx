import type { GlyphStatus } from '@/lib/shared/statuses';
import { cn } from './cn';
import { GlyphBox } from './glyph-box';
import { glyphShapes } from './glyph-shapes';
import { type Hue, hueText } from './hue';

export type Glyph = GlyphStatus | 'info';

const hues: Record<Glyph, Hue> = {
  passed: 'green',
  failed: 'red',
  running: 'blue',
  waiting: 'amber',
  ready: 'none',
  locked: 'none',
  unknown: 'none',
  stale: 'amber',
  overridden: 'violet',
  interrupted: 'amber',
  cancelled: 'none',
  queued: 'none',
  drift: 'amber',
  info: 'none',
};
export const glyphHue = (status: Glyph): Hue => hues[status];

/** Text class: what can be acted on is full ink, what rests is quiet. */
export const glyphTone = (status: Glyph): string =>
  status === 'ready'
    ? 'text-t1'
    : status === 'info'
      ? 'text-t2'
      : hues[status] === 'none'
        ? 'text-t3'
        : hueText[hues[status]];

/** A silhouette per status, so that it reads without colour. The word always follows. */
export function StatusGlyph({ status, size = 16, className }: { status: Glyph; size?: number; className?: string }) {
  return (
    <GlyphBox size={size} data-glyph={status} className={cn(glyphTone(status), className)}>
      {glyphShapes[status]}
    </GlyphBox>
  );
}
