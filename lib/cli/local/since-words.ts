import type { SinceCopy } from '@/lib/sources/live-state';
import type { LocalState } from './journal';
import type { Move } from './open-move';

/** What the file system told of the file before it was copied; null where no step asked. */
export const liveStateThen = ({ facts }: LocalState): string[] | null =>
  (facts.findLast(({ name }) => name === 'liveState')?.value as string[] | undefined) ?? null;

/** Writers are never held here: a person must know that they have gone on. */
export function sinceWords(since: SinceCopy, { given, schema }: Move): string[] {
  if (since === 'unwritten') return [];
  const way = `cutover diff shows them. To take them along, let the writers rest, take ${schema} back with --undo, and run again.`;
  return [
    since === 'written'
      ? `${given} has changed since it was copied: what was written to it since is not in ${schema}. ${way}`
      : `Whether ${given} has changed since it was copied is unknown: what was written to it since would not be in ${schema}. ${way}`,
  ];
}
