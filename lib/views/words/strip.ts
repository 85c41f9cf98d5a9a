import type { Elsewhere } from '@/db/queries/views/read-elsewhere';
import { listWords } from '@/lib/shared/words';
import type { Trouble } from './trouble';
import type { LiveStripDto, WizardDto } from '@/lib/views/dto';

/** "Switching a and b to postgres" @param troubled the service does not show that it is there */
export function titleOf(
  outcome: LiveStripDto['outcome'],
  sourceIds: string[],
  goal: string,
  back: boolean,
  troubled = false,
): string {
  const sourceId = listWords(sourceIds);
  const one = sourceIds.length === 1;
  switch (outcome) {
    case 'running':
      return `${back ? 'Rolling back' : 'Switching'} ${sourceId} to ${goal}`;
    case 'done':
      if (troubled) return `${sourceId} ${one ? 'was' : 'were'} ${back ? 'rolled back' : 'switched'} to ${goal}`;
      return `${sourceId} ${one ? 'is' : 'are'} on ${goal}`;
    case 'returned':
      return `${sourceId} ${one ? 'was' : 'were'} returned by itself`;
    case 'failed':
      return `${back ? 'The rollback' : 'The switch'} of ${sourceId} stopped`;
  }
}

type Sub = {
  outcome: LiveStripDto['outcome'];
  from: string;
  goal: string;
  back: boolean;
  /** Nothing is switched: a live schema is restored where it stands. */
  inPlace: boolean;
  stalled: WizardDto['stalled'];
  /** Pressed, and no worker has taken its first step. */
  waits: boolean;
  hold: 'not yet' | 'held' | 'let through';
  /** On which side the service is, as far as was shown. */
  stands: string;
  elsewhere: Elsewhere | null | undefined;
  trouble?: Trouble | null | undefined;
};

function runningWords({ from, back, inPlace, stalled, waits, hold, elsewhere }: Sub): string {
  if (stalled) return `${stalled.lead} ${stalled.rest}`;
  const first = elsewhere?.live?.sourceId;
  if (waits && first) return `${first} goes first; this one follows by itself. You can leave this page, it goes on.`;
  if (waits) return 'Waits for a worker; no user is held yet. You can leave this page, it starts by itself.';
  if (hold === 'not yet')
    return 'Its plan is compared once more; no user is held yet. You can leave this page, it goes on.';
  if (hold === 'let through') return 'Users are let through; the last steps run. You can leave this page, it goes on.';
  const taken = inPlace ? 'everything is taken back' : `a failure returns to ${from}`;
  const ends = back ? '' : ` Until thaw, ${inPlace ? 'on a failure ' : ''}${taken} by itself.`;
  return `Users are held.${ends} You can leave this page, it goes on.`;
}

export function subOf(sub: Sub): string {
  const { outcome, from, goal } = sub;
  switch (outcome) {
    case 'running':
      return runningWords(sub);
    case 'done':
      return sub.trouble ? `The press went through. ${sub.trouble.lead}` : `Users are let through on ${goal}.`;
    case 'returned':
      return sub.inPlace
        ? 'A step did not hold, so everything was taken back while users were still held.'
        : `A step did not hold, so the service went back to ${from} while users were still held.`;
    case 'failed':
      return stoppedWords(sub);
  }
}

/** A press that stopped: who waits now, and where the moves are. */
function stoppedWords({ hold, stands }: Sub): string {
  const moves = 'What may be done stands at the step that broke.';
  if (hold === 'let through') return `Users were let through. ${moves}`;
  if (hold === 'not yet') return `No user was held. ${moves}`;
  return `Users stay held until a person decides. ${stands}. ${moves}`;
}
