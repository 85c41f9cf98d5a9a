import { countWords, listWords } from '@/lib/shared/words';
import type { DecisionFacts } from './decision';

/** "Switch assets_1 to POSTGRES_PRIMARY": the title is the act. */
export function decisionTitle({
  act,
  sourceId: own,
  together = [],
  surfaces,
  from,
  to,
  stepTitle,
  lossCount,
  inPlace,
  later,
}: DecisionFacts): string {
  const profiles = listWords([own, ...together]);
  const sourceId = surfaces ? `${listWords([...surfaces])} of ${profiles}` : profiles;
  if (later) return `Retry ${stepTitle} of ${sourceId}`;
  switch (act) {
    case 'switch':
      return inPlace ? `${inPlace} ${sourceId}` : `Switch ${sourceId} to ${to}`;
    case 'repair':
      return `Repair ${lossCount === null ? 'rows' : countWords(lossCount, 'row')} of ${sourceId}`;
    case 'rollback':
      return inPlace ? `Roll back ${sourceId}` : `Roll back ${sourceId} to ${from}`;
    case 'data-rollback':
      return `Roll back the data of ${sourceId}`;
    case 'close':
      return `Close the window of ${sourceId}`;
    case 'abandon':
      return `Abandon the cutover of ${sourceId}`;
    case 'override':
      return `Override ${stepTitle} of ${sourceId}`;
  }
}

/** The button repeats the act. */
export function decisionButton({ act, lossCount, lossMoves, inPlace, later }: DecisionFacts): string {
  if (later) return 'Retry now';
  switch (act) {
    case 'switch':
      return `${inPlace ?? 'Switch'} now`;
    case 'repair':
      return 'Repair now';
    case 'rollback':
      return ['Roll back now', losingWords(lossCount, lossMoves)].filter(Boolean).join(', ');
    case 'data-rollback':
      return 'Roll back the data now';
    case 'close':
      return 'Close now';
    case 'abandon':
      return 'Abandon now';
    case 'override':
      return 'Override now';
  }
}

function losingWords(lossCount: bigint | null, lossMoves: boolean): string | null {
  if (lossCount === null) return 'loss unknown';
  if (lossCount > 0n) return `lose ${countWords(lossCount, 'row')}`;
  return lossMoves ? 'lose new writes' : null;
}

/** The button while the press is on its way. */
export function decisionBusy({ act, inPlace, later }: DecisionFacts): string {
  switch (act) {
    case 'switch':
      return inPlace || later ? 'Starting…' : 'Switching…';
    case 'repair':
      return 'Repairing…';
    case 'rollback':
      return 'Rolling back…';
    case 'data-rollback':
      return 'Restoring…';
    case 'close':
      return 'Closing…';
    case 'abandon':
      return 'Abandoning…';
    case 'override':
      return 'Overriding…';
  }
}
