import { existsSync } from 'node:fs';
import path from 'node:path';
import { getDb } from '@/db/client';
import { listProfileCutovers } from '@/db/queries/views/list-cutovers';
import { readCheckpoints, readPlanLines } from '@/db/queries/views/read-step-evidence';
import { deriveSteps, type DerivedStep } from '@/lib/cutover/derive-steps';
import { loadCutoverNow } from '@/lib/cutover/load-cutover';
import { titleOf } from '@/lib/cutover/walk-runbook';
import { CutoverError } from '@/lib/errors';
import type { Evidence } from '@/lib/shared/evidence';
import { exitCodes, type Output } from './command';
import { standsIn } from './local/open-move';
import { showDiff } from './local/show-diff';
import { showPlan } from './local/show-plan';

/** SYSTEM/SOURCE_ID rather than a file: nothing of that name is here, and no --to was given. */
export const namesProfile = (given: string | undefined, to: string | undefined): boolean =>
  given !== undefined &&
  to === undefined &&
  /^[^./][^/]*\/[^/]+$/.test(given) &&
  !existsSync(path.resolve(standsIn(), given));

/** The newest cutover of a profile, its steps derived. @throws CutoverError profile_unknown */
export async function newestCutover(given: string) {
  const [system = '', ...rest] = given.split('/');
  const sourceId = rest.join('/');
  const db = getDb();
  const [line] = await listProfileCutovers(db, system, sourceId);
  if (!line)
    throw new CutoverError({
      code: 'profile_unknown',
      message: `${given} has no cutover on this console.`,
      advice: 'Start one on its page; cutover status lists the profiles. A file is named by its path, e.g. ./app.db.',
    });
  const rows = await loadCutoverNow(db, line.id);
  return { db, rows, steps: deriveSteps(rows) };
}

/** Without a step: the one that is next. */
export async function planOfProfile(given: string, stepId: string | undefined, output: Output): Promise<number> {
  const { db, rows, steps } = await newestCutover(given);
  const step = stepId
    ? findStep(steps, stepId)
    : steps.find(({ status }) => status !== 'passed' && status !== 'overridden');
  const head = step?.plan;
  const found = head ? await readPlanLines(db, rows.cutover.id, head.attemptId) : null;
  if (!step || !found)
    throw new CutoverError({
      code: 'plan_missing',
      message: step
        ? `${step.id} of ${given} has no plan yet: it is ${step.status}.`
        : `Every step of ${given} has passed.`,
      advice: 'A worker makes the plan of a step as soon as its gate is open; cutover status says what it waits for.',
    });
  showPlan(output, [{ stepId: step.id, title: titleOf(step.place), digest: found.digest, lines: found.lines }], true);
  output.line('');
  output.line(`Made ${found.madeAt.toISOString()}, digest ${found.digest}. It is run on the page of the cutover.`);
  output.result({
    cutoverId: rows.cutover.id,
    stepId: step.id,
    digest: found.digest,
    madeAt: found.madeAt,
    lines: found.lines,
  });
  return exitCodes.done;
}

/** The row diff that the newest check left. */
export async function diffOfProfile(given: string, output: Output): Promise<number> {
  const { db, rows, steps } = await newestCutover(given);
  const found = (
    await readCheckpoints(
      db,
      rows.cutover.id,
      steps.map(({ id }) => id),
    )
  ).findLast(({ evidence }) => (evidence as unknown as Evidence).rowDiff);
  const rowDiff = found && (found.evidence as unknown as Evidence).rowDiff;
  if (!found || !rowDiff)
    throw new CutoverError({
      code: 'state_forbids',
      message: `${given} was not compared yet.`,
      advice: 'Run its row diff on the page of the cutover.',
    });
  showDiff(output, rowDiff);
  output.line(`${found.claim}: ${found.verdict}, by ${found.stepId} at ${found.at.toISOString()}.`);
  output.result({ cutoverId: rows.cutover.id, stepId: found.stepId, at: found.at, verdict: found.verdict, rowDiff });
  return found.verdict === 'passed' ? exitCodes.done : exitCodes.differs;
}

export function findStep(steps: DerivedStep[], stepId: string): DerivedStep {
  const step = steps.find(({ id }) => id === stepId);
  if (step) return step;
  throw new CutoverError({
    code: 'step_unknown',
    message: `The runbook has no step ${stepId}.`,
    advice: `Its steps: ${steps.map(({ id }) => id).join(', ')}.`,
  });
}
