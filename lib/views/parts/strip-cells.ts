import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { isLive } from '@/lib/shared/statuses';
import type { LiveStripDto } from '@/lib/views/dto';
import { workedSince } from './hold';
import { stepTitle } from '@/lib/views/words/step-title';

type Cell = LiveStripDto['cells'][number];

/** One step of the press: where it stands, how long it took, and what it says. */
export function toCell(
  rows: CutoverRows,
  step: DerivedStep,
  press: AttemptRow[],
  { summaries, workers }: { summaries: ReadonlyMap<string, string>; workers: ReadonlyMap<string, string> },
): Cell {
  const attempt = press.findLast(({ stepId, verb }) => stepId === step.id && verb !== 'undo');
  const undo = press.findLast(({ stepId, verb }) => stepId === step.id && verb === 'undo');
  const heads = rows.checkpoints.filter(({ attemptId }) => attemptId === attempt?.id);
  const shown = heads.find(({ verdict }) => verdict !== 'passed') ?? heads.at(-1);
  const state = cellState(attempt, heads);
  // What it takes to compare the plan holds nobody.
  const since = attempt ? workedSince(attempt) : null;
  const comparing = attempt?.startedAt && !since && isLive(attempt.state);
  const ms = since ? (attempt?.endedAt ?? rows.now).getTime() - since.getTime() : null;
  return {
    stepId: step.id,
    title: stepTitle(step.place),
    state,
    ms: ms === null ? null : Math.max(0, ms),
    startedAt: since?.toISOString() ?? null,
    detail: comparing
      ? 'Its plan is compared once more.'
      : withTakeover(
          `${undoWords(undo)}${detailOf(attempt, shown && summaries.get(shown.id))}`.trim(),
          takeoverWords(undo ?? attempt, workers),
        ),
    ...(attempt?.error ? { error: attempt.error.message } : {}),
  };
}

/** What it waits for, else what its check found; of what broke the error says it. */
const detailOf = (attempt: AttemptRow | undefined, found: string | undefined): string =>
  attempt?.error ? '' : (attempt?.progress?.waiting?.reason ?? found ?? '');

function cellState(attempt: AttemptRow | undefined, heads: CutoverRows['checkpoints']): Cell['state'] {
  if (!attempt || attempt.state === 'queued') return 'waiting';
  if (isLive(attempt.state)) return 'running';
  const holds = heads.length > 0 && heads.every(({ verdict }) => verdict === 'passed');
  return attempt.state === 'done' && holds ? 'passed' : 'failed';
}

const withTakeover = (said: string, lost: string): string =>
  lost && said ? `${said.replace(/[^.]$/, '$&.')} ${lost}` : lost || said;

/** A worker was lost in the middle of it: since when, and who went on. Moments in UTC. */
function takeoverWords(attempt: AttemptRow | undefined, workers: ReadonlyMap<string, string>): string {
  const lost = attempt?.takeovers.at(-1);
  if (!attempt || !lost) return '';
  if (!lost.resumedAt)
    return isLive(attempt.state) ? `Interrupted at ${lost.lostAt}, waits for a worker that goes on.` : '';
  const by = lost.by ? (workers.get(lost.by) ?? lost.by) : 'another worker';
  return `Interrupted at ${lost.lostAt}, continued by ${by} at ${lost.resumedAt}.`;
}

function undoWords(undo: AttemptRow | undefined): string {
  if (!undo) return '';
  return undo.state === 'done' ? 'Taken back. ' : 'Being taken back. ';
}
