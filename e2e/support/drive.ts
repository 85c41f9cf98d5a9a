import { expect } from '@playwright/test';
import { user } from '../../db/schema';
import { openDb, openPool, type Db } from '../../db/client';
import type { VerbContext } from '../../lib/cutover/context';
import { deriveSteps, type DerivedStep } from '../../lib/cutover/derive-steps';
import { loadCutover } from '../../lib/cutover/load-cutover';
import { planCutover } from '../../lib/cutover/plan-cutover';
import { runStep } from '../../lib/cutover/run-step';
import { signOff } from '../../lib/cutover/sign-off';
import { parseRoles } from '../../lib/auth/actor';
import { home, type Who } from './people';

let opened: Db | null = null;
const control = (): Db => (opened ??= openDb(openPool(process.env.CUTOVER_E2E_CONTROL ?? '', { name: 'e2e', max: 3 })));

/** One of the demo's people as the verbs know them. */
async function contextOf(who: Who): Promise<VerbContext> {
  const people = await control().select().from(user);
  const found = people.find(({ email }) => email === `${who}@demo.localhost`);
  if (!found) throw new Error(`no ${who} among the demo's people`);
  return { actor: { id: found.id, name: found.name, roles: parseRoles(found.role) }, db: control() };
}

const stepsOf = async (cutoverId: string): Promise<DerivedStep[]> =>
  deriveSteps(await loadCutover(control(), cutoverId));

/** Attempts of a step that ever were, its plans left out. */
export const attemptsOf = async (cutoverId: string, stepId: string) =>
  (await loadCutover(control(), cutoverId)).attempts.filter((one) => one.stepId === stepId && one.verb === 'run');

/**
 * Walks the first part of a cutover by the verbs alone, as the operator and the reviewer: what the page adds to it is
 * proven by the walk of there.spec.ts. Ends before `stepId`; a step that fails ends it at once.
 * @returns the cutover's id
 */
export async function driveUntil(sourceId: string, stepId: string): Promise<string> {
  process.env.CUTOVER_FLEET = `${home()}/fleet/fleet.yaml`;
  const operator = await contextOf('operator');
  const reviewer = await contextOf('reviewer');
  const { cutoverId } = await planCutover({
    ctx: operator,
    input: {
      system: 'sx',
      sourceId,
      runbook: 'sx-postgres-primary',
      t0: new Date(Date.now() + 3_600_000).toISOString(),
    },
  });
  const look = async (): Promise<string> => {
    const steps = await stepsOf(cutoverId);
    const broke = steps.find(({ status }) => status === 'failed' || status === 'unknown');
    if (broke)
      throw new Error(`${broke.id} is ${broke.status}: ${broke.reason ?? broke.attempt?.error?.message ?? ''}`);
    const next = steps.filter(({ status, id }) => status === 'ready' || status === 'waiting' || id === stepId);
    for (const step of next) {
      if (step.id === stepId) return step.gate.open && step.plan && !step.live ? stepId : step.status;
      await press(operator, reviewer, cutoverId, step);
    }
    return next.map(({ id }) => id).join(', ');
  };
  await expect.poll(look, { timeout: 240_000, intervals: [100] }).toBe(stepId);
  return cutoverId;
}

async function press(
  operator: VerbContext,
  reviewer: VerbContext,
  cutoverId: string,
  step: DerivedStep,
): Promise<void> {
  const { id: stepId, fingerprint, place, plan, live, gate } = step;
  if (!gate.open || live) return;
  if (place.human === 'sign-off' && fingerprint)
    await signOff({
      ctx: reviewer,
      input: { cutoverId, stepId, decision: 'signed', fingerprint: fingerprint.digest },
    });
  else if (plan) await runStep({ ctx: operator, input: { cutoverId, stepId, planDigest: plan.digest } });
}
