import type { Place } from '@/lib/cutover/walk-runbook';

/** "Snapshot source": the runbook's own title, else the kind as words. */
export function stepTitle({ step }: Pick<Place, 'step'>): string {
  const text = step.title ?? step.kind.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same inside a sentence: "row diff"; a name in capitals keeps them. */
export function titleInSentence(place: Pick<Place, 'step'>): string {
  const title = stepTitle(place);
  return /^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}
