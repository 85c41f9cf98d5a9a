import type { CutoverState, GlyphStatus } from '@/lib/shared/statuses';

/** Glyph and word of a cutover's state in lists; the wizard says more. */
export const stateWords: Record<CutoverState, { glyph: GlyphStatus; word: string }> = {
  planned: { glyph: 'queued', word: 'planned' },
  open: { glyph: 'running', word: 'open' },
  switched: { glyph: 'waiting', word: 'switched' },
  rolled_back: { glyph: 'interrupted', word: 'rolled back' },
  closed: { glyph: 'passed', word: 'closed' },
  abandoned: { glyph: 'cancelled', word: 'abandoned' },
};

/** "Load, 79 %. Import, about 13 s left. …" → its first sentence stands out, the rest explains. */
export function splitHeadline(text: string): [lead: string, rest: string] {
  const end = text.search(/\.\s+\S/);
  return end < 0 ? [text.replace(/\.$/, ''), ''] : [text.slice(0, end), text.slice(end + 1).trim()];
}
