import type { WorkerRow } from '@/db/queries/views/read-workers';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { isLive } from '@/lib/shared/statuses';
import { silenceSaidMs, takenOverMs, workerDeadMs, workerSilentMs } from '@/lib/shared/worker-times';
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

function silent({ rows, alive, gone }: Given, attempt: AttemptRow): Stalled | null {
  const worker = alive.find(({ id }) => id === attempt.worker);
  const ended = gone.find(({ id }) => id === attempt.worker);
  const now = rows.now.getTime();
  // By its own beat: how long it took to read the rest of the page is no silence of a worker.
  const since = (worker?.beat ?? ended?.lastBeat ?? rows.now).getTime();
  const silentMs = now - since;
  // While users may be held two missed beats are worth a word.
  if (silentMs < (attempt.pressId ? workerSilentMs : silenceSaidMs) && !ended) return null;
  return said({
    stepId: attempt.stepId,
    name: worker?.name ?? ended?.name ?? 'Its worker',
    silentMs,
    takeOverAt: ended || silentMs >= workerDeadMs ? null : since + takenOverMs,
    others: othersOf(alive, attempt.worker),
  });
}

/** Its worker was lost, and no other has taken it yet. */
function waitingSince({ rows, alive, gone }: Given, attempt: AttemptRow): Stalled | null {
  const last = attempt.takeovers.at(-1);
  if (!last || last.resumedAt) return null;
  return said({
    stepId: attempt.stepId,
    name: gone.find(({ id }) => id === last.worker)?.name ?? 'Its worker',
    silentMs: rows.now.getTime() - Date.parse(last.lostAt),
    takeOverAt: null,
    others: othersOf(alive, last.worker),
  });
}

const othersOf = (alive: WorkerRow[], lost: string | null): string[] =>
  alive.filter(({ id, beatAgeMs }) => id !== lost && beatAgeMs < workerSilentMs).map(({ name }) => name);

/** @param takeOverAt by when a living worker has it, as long as this one may only be busy; null: it is lost */
type Said = { stepId: string; name: string; silentMs: number; takeOverAt: number | null; others: string[] };

function said({ stepId, name, silentMs, takeOverAt, others }: Said): Stalled {
  const other = others[0] ?? null;
  const promise = takeOverAt !== null && other !== null;
  return {
    stepId,
    living: others,
    lead: `${name} has not answered for ${Math.max(0, Math.floor(silentMs / 1000))} s.`,
    rest: promise
      ? `It may only be busy. Else ${other} takes over at ${iso(takeOverAt)} at the latest; what is committed stays.`
      : restWords(takeOverAt === null, other),
    ...(promise ? { until: { at: iso(takeOverAt), rest: restWords(true, other) } } : {}),
  };
}

/** What is known, and what follows by itself. */
function restWords(lost: boolean, other: string | null): string {
  if (!lost) return 'It may only be busy. Then this goes on by itself; what is committed stays.';
  return other
    ? `${other} answers and takes it over as soon as it gets to it; what is committed stays.`
    : 'No other worker answers. This goes on by itself with the next answer of it or of another; what is committed stays.';
}
