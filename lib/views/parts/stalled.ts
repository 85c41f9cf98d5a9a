import type { WorkerRow } from '@/db/queries/views/read-workers';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { isLive } from '@/lib/shared/statuses';
import { silenceSaidMs, workerDeadMs, workerSilentMs } from '@/lib/shared/worker-times';
import type { WizardDto } from '@/lib/views/dto';

export type Gone = { id: string; name: string; lastBeat: Date };
type Stalled = NonNullable<WizardDto['stalled']>;
type Given = { rows: CutoverRows; alive: WorkerRow[]; gone: Gone[] };

/** Workers that hold or held an attempt of this cutover. */
export const workerIdsOf = ({ attempts }: CutoverRows): string[] => [
  ...new Set(
    attempts
      .flatMap(({ worker, takeovers }) => [worker, ...takeovers.flatMap((one) => [one.worker, one.by ?? null])])
      .filter((id) => id !== null),
  ),
];

/** What is under way on a worker that does not answer, or waits since one was lost; null while all is well. */
export function toStalled(given: Given): Stalled | null {
  const live = given.rows.attempts.filter(({ state, verb }) => isLive(state) && verb !== 'plan');
  for (const attempt of live) {
    const lost = attempt.state === 'queued' ? waitingSince(given, attempt) : silent(given, attempt);
    if (lost) return lost;
  }
  return null;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const seconds = (ms: number): number => Math.floor(ms / 1000);

function silent({ rows, alive, gone }: Given, attempt: AttemptRow): Stalled | null {
  const worker = alive.find(({ id }) => id === attempt.worker);
  const ended = gone.find(({ id }) => id === attempt.worker);
  const now = rows.now.getTime();
  const silentMs = worker ? worker.beatAgeMs : ended ? now - ended.lastBeat.getTime() : 0;
  if (silentMs < silenceSaidMs && !ended) return null;
  const name = worker?.name ?? ended?.name ?? 'Its worker';
  return said({
    name,
    since: now - silentMs,
    silentMs,
    takeOverAt: Math.max(now, now - silentMs + workerDeadMs),
    lost: ended !== undefined || silentMs >= workerDeadMs,
    others: othersOf(alive, attempt.worker),
    stepId: attempt.stepId,
  });
}

/** Its worker was lost, and no other has taken it yet. */
function waitingSince({ rows, alive, gone }: Given, attempt: AttemptRow): Stalled | null {
  const last = attempt.takeovers.at(-1);
  if (!last || last.resumedAt) return null;
  const now = rows.now.getTime();
  const since = Date.parse(last.lostAt);
  const name = gone.find(({ id }) => id === last.worker)?.name ?? 'Its worker';
  return said({
    name,
    since,
    silentMs: now - since,
    takeOverAt: now,
    lost: true,
    others: othersOf(alive, last.worker),
    stepId: attempt.stepId,
  });
}

const othersOf = (alive: WorkerRow[], lost: string | null): string[] =>
  alive.filter(({ id, beatAgeMs }) => id !== lost && beatAgeMs < workerSilentMs).map(({ name }) => name);

type Said = {
  name: string;
  since: number;
  silentMs: number;
  takeOverAt: number;
  lost: boolean;
  others: string[];
  stepId: string;
};

function said({ name, since, silentMs, takeOverAt, lost, others, stepId }: Said): Stalled {
  const at = iso(takeOverAt).slice(11, 19);
  return {
    stepId,
    worker: name,
    since: iso(since),
    silentSeconds: seconds(silentMs),
    takeOverAt: iso(takeOverAt),
    living: others,
    lead: `${name} has not answered for ${seconds(silentMs)} s.`,
    rest: restWords(lost, others[0] ?? null, at),
  };
}

/** What is known, and what follows by itself. */
function restWords(lost: boolean, other: string | null, at: string): string {
  const busy = lost ? '' : 'It may only be busy. ';
  if (other) return `${busy}${other} takes over at ${at} UTC at the latest. What is committed stays.`;
  return busy
    ? `${busy}Then this goes on by itself; what is committed stays.`
    : 'No other worker answers. This goes on by itself with the next answer of it or of another; what is committed stays.';
}
