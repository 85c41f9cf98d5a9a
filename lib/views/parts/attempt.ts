import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import type { AttemptDto } from '@/lib/views/dto';

type Names = ReadonlyMap<string, string>;
export type TailLine = { seq: number; at: Date; level: string; stream: string; text: string };

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** What the import's own report says of a resume: derived from the ledger, null where nothing was counted. */
function resumedOf(facts: CutoverRows['facts'], row: AttemptRow): AttemptDto['resumed'] {
  const value = facts.find(({ attemptId, name }) => attemptId === row.id && name === 'resumed')?.value;
  if (!value || typeof value !== 'object' || Array.isArray(value)) return null;
  const { kept, repeated } = value;
  return typeof kept === 'string' && typeof repeated === 'string' ? { kept, repeated } : null;
}

/** @param workers names by worker id; a worker that has gone is shown by its id */
export function toAttemptDto(
  row: AttemptRow,
  people: Names,
  workers: Names,
  tail: TailLine[] = [],
  facts: CutoverRows['facts'] = [],
): AttemptDto {
  const workerName = (id: string | null) => (id ? (workers.get(id) ?? id) : null);
  return {
    id: row.id,
    stepId: row.stepId,
    verb: row.verb,
    no: row.no,
    state: row.state,
    epoch: row.epoch,
    worker: workerName(row.worker),
    takeovers: row.takeovers.map(({ worker, lostAt, resumedAt, by }) => ({
      worker: workerName(worker),
      lostAt,
      resumedAt: resumedAt ?? null,
      by: workerName(by ?? null),
    })),
    resumed: resumedOf(facts, row),
    requestedBy: row.requestedBy ? (people.get(row.requestedBy) ?? null) : null,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
    deadlineAt: iso(row.deadlineAt),
    progress: row.progress,
    error: row.error,
    logLines: row.logLines,
    tail: tail.map(({ at, ...line }) => ({ ...line, at: at.toISOString() })),
  };
}
