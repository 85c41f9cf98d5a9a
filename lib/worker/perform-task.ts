import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { CutoverError } from '@/lib/errors';
import type { PlanLine, RowDiffSummary } from '@/lib/shared/evidence';
import { canonicalJson, type Json } from '@/lib/shared/json';
import { redactJson } from '@/lib/shared/redact';
import { isHuman, type AnyStep, type MachineStep, type StepContext } from '@/lib/steps/step';
import { failpoint } from './failpoint';
import type { Ask, FromChild, Task, TaskResult } from './messages';
import { openContext } from './step-context';

export type Registry = Record<string, AnyStep>;
type Wires = { send(message: FromChild): void; ask(ask: Ask): Promise<Json>; signal: AbortSignal };
type Bound = { kind: MachineStep<unknown>; ctx: StepContext; params: unknown; facts: Map<string, Json>; flush(): void };

/** One attempt inside its child: the plan compared, the step run, the world read again. */
export async function performTask(registry: Registry, task: Task, wires: Wires): Promise<TaskResult> {
  if (task.verb === 'plan') return { kind: 'plan', ...(await makePlan(registry, task, wires)) };
  const bound = bind(registry, task, task.stepId, wires);
  try {
    return await performBound(registry, task, wires, bound);
  } finally {
    bound.flush();
  }
}

async function performBound(
  registry: Registry,
  task: Task,
  wires: Wires,
  { kind, ctx, params, facts, flush }: Bound,
): Promise<TaskResult> {
  const { signal } = wires;
  if (task.verb === 'undo') {
    await failpoint('attempt:before-undo', signal);
    if (kind.undo === 'nothing-to-undo') ctx.log('info', 'Nothing to take back.');
    else await kind.undo(ctx, params);
    return { kind: 'undone' };
  }
  if (task.verb === 'run') {
    if (task.planDigest !== null) await comparePlan(registry, task, wires);
    await failpoint('attempt:before-run', signal);
    await kind.run(ctx, params);
    await failpoint('attempt:after-run', signal);
  }
  signal.throwIfAborted();
  flush();
  wires.send({ type: 'checking' });
  const { checkpoints } = await kind.check(ctx, params);
  await failpoint('attempt:after-check', signal);
  return {
    kind: 'verdict',
    checkpoints: redactJson(checkpoints),
    facts: [...facts].map(([name, value]) => ({ name, value })),
  };
}

function bind(registry: Registry, task: Task, stepId: string, wires: Wires): Bound {
  const { ctx, facts, flush } = openContext(task, stepId, wires);
  const kind = registry[ctx.step.kind];
  if (!kind || isHuman(kind)) {
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${stepId} is of kind ${ctx.step.kind}, which ${kind ? 'a person decides' : 'this version does not know'}.`,
      advice: 'Correct the runbook, or start the version that knows this kind.',
    });
  }
  const machine = kind as MachineStep<unknown>;
  const params = machine.params.safeParse(ctx.step.params);
  if (!params.success) throw badParams(task, ctx.step, params.error.issues);
  return { kind: machine, ctx, params: params.data, facts, flush };
}

const badParams = ({ runbook }: Task, { id, kind }: StepContext['step'], issues: z.core.$ZodIssue[]): CutoverError =>
  new CutoverError({
    code: 'runbook_invalid',
    message: `Step ${id} of runbook ${runbook.name} has parameters that ${kind} does not take: ${issues.map(({ path, message }) => `${['params', ...path].join('.')}: ${message}`).join('; ')}.`,
    advice: 'Correct the runbook file, then adopt the edit or plan again.',
    facts: { stepId: id, kind },
  });

export const planDigest = (lines: PlanLine[]): string =>
  createHash('sha256')
    .update(canonicalJson(lines.map(({ estimate: _, counts: __, ...line }) => line)))
    .digest('hex');

async function makePlan(
  registry: Registry,
  task: Task,
  wires: Wires,
): Promise<{ digest: string; lines: PlanLine[]; loss: RowDiffSummary | null }> {
  const lines: PlanLine[] = [];
  let loss: RowDiffSummary | null = null;
  for (const stepId of task.planSteps) {
    const { kind, ctx, params, flush } = bind(registry, task, stepId, wires);
    const draft = await kind.plan(ctx, params).finally(flush);
    lines.push(...redactJson(draft.lines));
    loss ??= draft.loss ?? null;
    wires.signal.throwIfAborted();
  }
  return { digest: planDigest(lines), lines, loss };
}

/** @throws CutoverError plan_changed with the lines that differ */
async function comparePlan(registry: Registry, task: Task, wires: Wires): Promise<void> {
  const now = await makePlan(registry, task, wires);
  if (now.digest !== task.planDigest) {
    throw new CutoverError({
      code: 'plan_changed',
      message: 'A plan made just now is not the one that was pressed; nothing was run.',
      advice: 'Read the new plan, then press again.',
      facts: { seen: task.planDigest, now: now.digest },
    });
  }
  await wires.ask({ what: 'plan-matched' });
}
