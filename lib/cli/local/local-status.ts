import path from 'node:path';
import { readJournal, type LocalState } from './journal';
import { localSteps } from './local-entry';
import { holderOf, stateFolders } from './state-folder';

export type LocalMove = {
  file: string;
  target: string;
  schema: string;
  state: 'moved' | 'gone' | 'stopped' | 'begun';
  since: string;
  folder: string;
  steps: { id: string; status: string; at: string | null; reason: string | null }[];
  openFindings: string[];
  /** Since when it is being taken back, where that was begun and has not ended. */
  undoSince: string | null;
};

/** Moves that were begun on this host, newest last; those of one file when it is named by its real path. */
export function readLocalMoves(file?: string): LocalMove[] {
  return stateFolders()
    .flatMap((folder) => {
      const { state } = readJournal(folder);
      return state.opened && (!file || state.opened.file === path.resolve(file))
        ? [toMove(folder, state, state.opened)]
        : [];
    })
    .sort((a, b) => a.since.localeCompare(b.since));
}

const inTarget = new Set(['bootstrap', 'import', 'row-diff', 'apply-sql']);

function toMove(folder: string, state: LocalState, opened: NonNullable<LocalState['opened']>): LocalMove {
  const steps = localSteps(opened.runbook).map(({ id, kind }) => {
    const step = state.steps.get(id);
    // A journal cannot say that its writer was killed: what was running has no verdict, and that is unknown.
    const pid = step?.status === 'running' ? holderOf(folder) : null;
    const status = step?.status === 'running' ? (pid ? 'running' : 'unknown') : (step?.status ?? 'waits');
    // What a step has put into the target is no longer there: its verdict was of something else.
    if (state.gone !== null && status === 'passed' && inTarget.has(kind))
      return { id, status: 'stale', at: step?.at ?? null, reason: state.gone };
    return { id, status, at: step?.at ?? null, reason: reasonOf(step, pid) };
  });
  return {
    file: opened.file,
    target: opened.place,
    schema: opened.schema,
    state: state.movedAt
      ? state.gone === null
        ? 'moved'
        : 'gone'
      : steps.some(({ status }) => status === 'failed')
        ? 'stopped'
        : 'begun',
    since: state.movedAt ?? opened.at,
    folder,
    steps,
    undoSince: state.undoSince,
    openFindings: state.findings.filter(({ key, blocking }) => blocking && !state.rules[key]).map(({ key }) => key),
  };
}

/** @param pid of the command that holds the move's lock */
function reasonOf(step: ReturnType<LocalState['steps']['get']>, pid: number | null): string | null {
  if (!step) return null;
  if (step.status === 'running') {
    const act = step.verb === 'undo' ? 'being taken back' : 'under way';
    const again = step.verb === 'undo' ? 'the same command with --undo' : 'the same cutover run';
    return pid ? `${act} in process ${pid}` : `its process was ended while it was ${act}; ${again} goes on with it`;
  }
  if (step.error) return `${step.error.message} [${step.error.code}]`;
  return step.claims.find(({ verdict }) => verdict !== 'passed')?.claim ?? null;
}
