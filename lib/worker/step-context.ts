import { CutoverError } from '@/lib/errors';
import { repairStepOf } from '@/lib/fleet/repair-step';
import { redact, redactJson } from '@/lib/shared/redact';
import type { Json } from '@/lib/shared/json';
import type { KeptRecord, KeptSnapshot, StepContext } from '@/lib/steps/step';
import { failpoint } from './failpoint';
import type { Ask, FromChild, Task } from './messages';
import { tellProgress } from './tell-progress';

type Wires = { send(message: FromChild): void; ask(ask: Ask): Promise<Json>; signal: AbortSignal };
/** `flush`: the last reading of its progress, before anything is said that ends the step. */
export type OpenContext = { ctx: StepContext; facts: Map<string, Json>; flush(): void };

/** What one step of the task may touch and say. @param stepId a step of the task's press; its own facts stay apart */
export function openContext(task: Task, stepId: string, wires: Wires): OpenContext {
  const { entry, runbook } = task;
  const facts = new Map<string, Json>();
  const step = allSteps(task).find(({ id }) => id === stepId);
  if (!step) throw new TypeError(`the runbook has no step ${stepId}`);
  const { tell, flush } = tellProgress((progress) => wires.send({ type: 'progress', progress }));
  const factOrNull = <T = Json>(from: string, name: string): T | null =>
    (task.facts.find((fact) => fact.stepId === from && fact.name === name)?.value as T | undefined) ?? null;
  const ctx: StepContext = {
    cutoverId: task.cutoverId,
    holdId: task.holdId,
    attemptId: task.attemptId,
    epoch: task.epoch,
    signal: wires.signal,
    system: entry.system,
    profile: entry.profile,
    services: entry.service ? [entry.service] : [],
    neighbours: entry.neighbours,
    runbook,
    step,
    allowedRoots: task.allowedRoots,
    snapshotDir: task.snapshotDir,
    workDir: task.workDir,
    secret: (name) => secretOf(task, name),
    log: (level, text, stream = 'out') =>
      wires.send({ type: 'log', at: new Date().toISOString(), level, stream, text: redact(text) }),
    progress: tell,
    factOrNull,
    fact: <T = Json>(from: string, name: string): T => {
      const value = factOrNull<T>(from, name);
      if (value === null) {
        throw new CutoverError({
          code: 'gate_closed',
          message: `Step ${from} has left no ${name}.`,
          advice: `Run ${from} first.`,
          facts: { stepId: from, fact: name },
        });
      }
      return value;
    },
    record: async <T = Json>(name: string) =>
      (await wires.ask({ what: 'find-record', name })) as unknown as KeptRecord<T> | null,
    keptSnapshots: async () => (await wires.ask({ what: 'find-kept-snapshots' })) as unknown as KeptSnapshot[],
    setFact: (name, value) => {
      facts.set(name, redactJson(value));
    },
    rule: (key) => task.rules.find((rule) => rule.key === key)?.rule ?? null,
    rules: () => task.rules,
    saveFindings: async (findings) => {
      await wires.ask({
        what: 'save-findings',
        findings: findings.map((finding) => ({ ...finding, count: finding.count.toString() })),
      });
    },
    saveSnapshot: async (snapshot) => {
      await wires.ask({ what: 'save-snapshot', snapshot: { ...snapshot, bytes: snapshot.bytes.toString() } });
    },
    state: {
      get: async <T = Json>(name: string) => (await wires.ask({ what: 'state-get', name })) as T | null,
      set: async (name, value) => {
        await wires.ask({ what: 'state-set', name, value });
      },
    },
    failpoint: (name) => failpoint(name, wires.signal),
    throwIfEnded: () => wires.signal.throwIfAborted(),
  };
  return { ctx, facts, flush };
}

export const allSteps = ({ runbook }: Pick<Task, 'runbook'>) => [
  ...runbook.phases.flatMap(({ steps }) => steps.flatMap((step) => [step, repairStepOf(step) ?? []].flat())),
  ...runbook.rollbacks.runtime.steps,
  ...(runbook.rollbacks.data?.steps ?? []),
];

function secretOf(task: Task, name: string): string {
  const value = task.secrets[name];
  if (value) return value;
  throw new CutoverError({
    code: 'dsn_missing',
    message: `${name} is not set in the secrets file of the worker.`,
    advice: `Add a line ${name}=… to the file that CUTOVER_SECRETS names, then retry.`,
    retry: 'later',
    facts: { name },
  });
}
