import type { Runbook } from '@/lib/fleet/runbook-schema';
import { inPlaceName, inPlaceUndo, pressWords } from './in-place';
import { copyWords, type LostPlace, lostPlaceWords, notInSourceWords } from './lost-place';
import type { CutoverState, WayBackLight } from '@/lib/shared/statuses';

type Walked = Pick<Runbook, 'way_back' | 'from' | 'to' | 'phases'>;
export type WayBack = { light: WayBackLight; text: string };

/** The light of a profile: runbooks have no way back yet, and say so as long as it matters. A runbook that holds no users moves nobody,
 *  so there is nothing to come back from. */
export function wayBackWords(runbook: Walked, state: CutoverState | null): WayBack {
  const { way_back: wayBack, from, to, phases } = runbook;
  if (!phases.some(({ sequence }) => sequence))
    return { light: 'not_armed', text: `Not needed: ${from === to ? 'it works on copies' : 'no service is moved'}` };
  if (wayBack === 'none' && (state === 'planned' || state === 'open' || state === 'switched'))
    return { light: 'none', text: 'No way back for new writes' };
  if (wayBack === 'none' && (state === 'rolled_back' || state === 'abandoned'))
    return { light: 'none', text: 'None in this runbook' };
  if (state === 'closed') return { light: 'none', text: 'Taken down at close' };
  return { light: 'not_armed', text: 'Not armed' };
}

/** What that means, where a runbook is chosen; nothing for one that holds no users. */
export function wayBackMeans(runbook: Walked): string {
  if (runbook.way_back !== 'none' || !runbook.phases.some(({ sequence }) => sequence)) return '';
  const to = inPlaceName(runbook) ? 'the schema from before' : runbook.from;
  return `A rollback to ${to} drops what was written since the ${pressWords(runbook).noun}. It lists those rows as far as they can be found and needs a second person.`;
}

/** "What can be undone", in one or two sentences. */
export function undoableWords(given: {
  state: CutoverState;
  switching: boolean;
  from: string;
  schema: string;
  /** Bootstrap has been tried: before it nothing of this cutover is in the target. */
  made: boolean;
  keepDays: number | null;
  /** A move of one file has no T-0 and no registry. */
  switches?: boolean;
  /** A live schema is restored where it stands. */
  inPlace?: boolean;
  /** Where what users wrote to the target is since the rollback. */
  lost?: LostPlace | null;
}): string {
  const { state, switching, from, schema, made, keepDays, switches = true, lost } = given;
  if (switching)
    return `Until users are let through, ${given.inPlace ? 'everything is taken back on a failure' : `a failure returns to ${from}`} by itself.`;
  switch (state) {
    case 'planned':
    case 'open':
      if (!made) return 'Nothing has been made in the target yet. Abandon frees the profile; the source is only read.';
      if (!switches) return `Until close everything: Abandon drops schema ${schema}. The source is only read.`;
      return `Until T-0 everything: Abandon drops schema ${schema} and its registry row. The source is only read.`;
    case 'switched':
      if (given.inPlace) return inPlaceUndo(state);
      return `Until close a runtime rollback to ${from} is possible. It drops what was written since the switch; the target keeps it for forensics.`;
    case 'rolled_back':
      if (given.inPlace) return inPlaceUndo(state);
      if (lost?.aside)
        return `The data is rolled back too. ${notInSourceWords(lost, from)} Abandon frees the profile and leaves it there.`;
      return `The profile is on ${from} again. The data rollback restores the target's snapshot; Abandon frees the profile.`;
    case 'closed':
      return `Nothing from this page.${keepDays ? ` The source snapshot is kept for ${keepDays} days.` : ''}`;
    case 'abandoned':
      if (!lost) return 'Nothing is left to undo; the evidence stays.';
      return given.inPlace
        ? `What the rollback took out is in ${lostPlaceWords(lost)}.${copyWords(lost)} The evidence stays.`
        : `${notInSourceWords(lost, from)} The evidence stays.`;
  }
}
