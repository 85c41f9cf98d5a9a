import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttemptVerb } from '@/db/schema/cutover';
import type { PinnedEntry } from '@/lib/cutover/pin-entry';
import { toFacts } from '@/lib/errors';
import type { LoadedRunbook } from '@/lib/fleet/load';
import { writeWhole } from '@/lib/services/data-home';
import type { Progress } from '@/lib/shared/evidence';
import type { Json } from '@/lib/shared/json';
import type { Ask, Task, TaskResult } from '@/lib/worker/messages';
import { startStepProcess, type StepProcess } from '@/lib/worker/step-process';
import type { Asked } from './chosen-rules';
import { openJournal, type Journal, type LocalState } from './journal';
import { sourceFiles } from '@/lib/fleet/source-files';

type Verdict = Extract<TaskResult, { kind: 'verdict' }>;
type Plan = Extract<TaskResult, { kind: 'plan' }>;
export type Watcher = {
  progress(stepId: string, progress: Progress): void;
  log(stepId: string, level: string, text: string): void;
};

/** One file walking its runbook without a control plane: the steps run in the same child process as a worker's. */
export type LocalWalk = {
  state: LocalState;
  folder: string;
  append: Journal['append'];
  plan(stepId: string): Promise<Plan>;
  /** @param planDigest what the person saw; a new plan must be the same. @throws CutoverError as the step raised it */
  run(stepId: string, planDigest: string): Promise<Verdict>;
  check(stepId: string): Promise<Verdict>;
  undo(stepId: string): Promise<void>;
  /** Whether somebody asked it to end. */
  stopped(): boolean;
  /** Ends the step under way; a second call kills its process. */
  stop(): void;
  close(): void;
};

export type WalkInput = {
  folder: string;
  cutoverId: string;
  entry: PinnedEntry;
  runbook: LoadedRunbook['runbook'];
  secrets: Record<string, string>;
  /** Answers to findings that the preflight has not seen yet. */
  tentative: readonly Asked[];
  watcher: Watcher;
};

const childPath = path.join(path.dirname(fileURLToPath(import.meta.url)), 'step-child.mjs');

export function openLocalWalk(input: WalkInput): LocalWalk {
  const journal = openJournal(input.folder);
  let child: StepProcess | null = null;
  let stopping = false;
  const perform = async (stepId: string, verb: AttemptVerb, planDigest: string | null): Promise<TaskResult> => {
    if (!child?.alive()) child = startStepProcess(childPath);
    const task = taskFor(input, journal.state, { stepId, verb, planDigest });
    journal.append({ what: 'attempt', stepId, verb, attemptId: task.attemptId, epoch: task.epoch });
    try {
      return await child.perform(task, {
        log: ({ at, level, text }) => {
          appendFileSync(path.join(input.folder, 'log.txt'), `${at} ${stepId} ${level} ${text}\n`, { mode: 0o600 });
          input.watcher.log(stepId, level, text);
        },
        progress: (progress) => input.watcher.progress(stepId, progress),
        checking: () => undefined,
        answer: async (ask) => answer(journal, stepId, ask),
      });
    } catch (thrown) {
      if (verb !== 'plan') journal.append({ what: 'failed', stepId, verb, error: toFacts(thrown) });
      throw thrown;
    } finally {
      rmSync(task.workDir, { recursive: true, force: true });
    }
  };
  const judge = async (stepId: string, verb: 'run' | 'check', digest: string | null): Promise<Verdict> => {
    const result = (await perform(stepId, verb, digest)) as Verdict;
    await keepVerdict(input.folder, journal, stepId, result);
    return result;
  };
  return {
    state: journal.state,
    folder: input.folder,
    append: journal.append,
    plan: async (stepId) => (await perform(stepId, 'plan', null)) as Plan,
    run: (stepId, planDigest) => judge(stepId, 'run', planDigest),
    check: (stepId) => judge(stepId, 'check', null),
    async undo(stepId) {
      await perform(stepId, 'undo', null);
      journal.append({ what: 'undone', stepId });
    },
    stopped: () => stopping,
    stop() {
      if (stopping) child?.kill();
      else child?.stop('cancelled');
      stopping = true;
    },
    close() {
      child?.kill();
      journal.close();
    },
  };
}

/** Passed only if something was claimed and every claim holds: unknown is never green. */
export const hasPassed = ({ checkpoints }: Verdict): boolean =>
  checkpoints.length > 0 && checkpoints.every(({ verdict }) => verdict === 'passed');

async function keepVerdict(folder: string, journal: Journal, stepId: string, result: Verdict): Promise<void> {
  mkdirSync(path.join(folder, 'evidence'), { recursive: true, mode: 0o700 });
  const evidence = { stepId, at: new Date().toISOString(), ...result };
  await writeWhole(path.join(folder, 'evidence', `${stepId}.json`), JSON.stringify(evidence, null, 2), 0o600);
  journal.append({
    what: 'verdict',
    stepId,
    passed: hasPassed(result),
    claims: result.checkpoints.map(({ key, claim, verdict, evidence: { summary } }) => ({
      key,
      claim,
      verdict,
      summary,
    })),
    facts: result.facts,
  });
}

function taskFor(
  { folder, cutoverId, entry, runbook, secrets, tentative }: WalkInput,
  state: LocalState,
  { stepId, verb, planDigest }: { stepId: string; verb: AttemptVerb; planDigest: string | null },
): Task {
  const attemptId = randomUUID();
  const own = { snapshotDir: path.join(folder, 'snapshots'), workDir: path.join(folder, 'work', attemptId) };
  for (const made of Object.values(own)) mkdirSync(made, { recursive: true, mode: 0o700 });
  return {
    attemptId,
    cutoverId,
    holdId: cutoverId,
    epoch: state.epoch + 1,
    verb,
    stepId,
    planSteps: [stepId],
    planDigest,
    entry,
    runbook,
    facts: state.facts,
    rules: [
      ...chosenOf(state),
      ...tentative.map(({ finding: key, rule }) => ({ key, rule, table: '', column: null, code: '' })),
    ],
    allowedRoots: sourceFiles(entry.profile.source).map((file) => path.dirname(file)),
    secrets,
    ...own,
  };
}

const chosenOf = (state: LocalState): Task['rules'] =>
  state.findings.flatMap(({ key, table, column, code }) => {
    const rule = state.rules[key];
    return rule ? [{ key, rule, table, column, code }] : [];
  });

function answer(journal: Journal, stepId: string, ask: Ask): Json {
  switch (ask.what) {
    case 'state-get':
      return journal.state.kept.get(`${stepId}.${ask.name}`) ?? null;
    case 'state-set':
      journal.append({ what: 'state', stepId, name: ask.name, value: ask.value });
      break;
    case 'save-findings':
      journal.append({ what: 'findings', stepId, findings: ask.findings });
      break;
    case 'save-snapshot':
      journal.append({ what: 'snapshot', snapshot: ask.snapshot });
      break;
    case 'find-kept-snapshots':
      return [];
    // A move by hand has no cutovers before it.
    case 'find-record':
    case 'plan-matched':
      break;
  }
  return null;
}
