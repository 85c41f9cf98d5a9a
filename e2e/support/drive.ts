import { expect } from '@playwright/test';
import { user } from '../../db/schema';
import { openDb, openPool, type Db } from '../../db/client';
import type { VerbContext } from '../../lib/cutover/context';
import { deriveSteps, type DerivedStep } from '../../lib/cutover/derive-steps';
import { loadCutover } from '../../lib/cutover/load-cutover';
import { overrideStep } from '../../lib/cutover/override-step';
import { planCutover } from '../../lib/cutover/plan-cutover';
import { abandonCutover } from '../../lib/cutover/abandon-cutover';
import { confirmOverride } from '../../lib/cutover/confirm-override';
import { confirmSecondPerson } from '../../lib/cutover/confirm-second-person';
import { rollBack } from '../../lib/cutover/roll-back';
import { runStep } from '../../lib/cutover/run-step';
import { signOff } from '../../lib/cutover/sign-off';
import { tickItem } from '../../lib/cutover/tick-item';
import { checklistItems } from '../../lib/cutover/derive-human';
import { needsTypedId } from '../../lib/cutover/walk-runbook';
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
 * Plans a cutover and walks its first part by the verbs alone, as the operator and the reviewer: what the page adds to
 * it is proven by the walk of there.spec.ts. Ends before `stepId`; a step that fails ends it at once.
 * @returns the cutover's id
 */
export async function driveUntil(
  sourceId: string,
  stepId: string,
  walked: { system: string; runbook: string; surfaces?: string[] } = { system: 'sx', runbook: 'sx-postgres-primary' },
): Promise<string> {
  process.env.CUTOVER_FLEET = `${home()}/fleet/fleet.yaml`;
  const { cutoverId } = await planCutover({
    ctx: await contextOf('operator'),
    input: {
      ...walked,
      sourceId,
      t0: new Date(Date.now() + 3_600_000).toISOString(),
    },
  });
  await driveOn(cutoverId, stepId);
  return cutoverId;
}

/** Goes on with a cutover until `stepId` may start, the switch included if it lies before it. */
export async function driveOn(cutoverId: string, stepId: string): Promise<void> {
  const operator = await contextOf('operator');
  const reviewer = await contextOf('reviewer');
  const look = async (): Promise<string> => {
    const { cutover, ...rows } = await loadCutover(control(), cutoverId);
    const steps = deriveSteps({ cutover, ...rows });
    const broke = steps.find(({ status }) => status === 'failed' || status === 'unknown');
    if (broke)
      throw new Error(`${broke.id} is ${broke.status}: ${broke.reason ?? broke.attempt?.error?.message ?? ''}`);
    const wanted = steps.find(({ id }) => id === stepId);
    if (wanted?.gate.open && !wanted.live && (wanted.plan || wanted.place.human)) return stepId;
    for (const step of steps)
      if (step.id !== stepId && step.place.group === 'main') await press(operator, reviewer, cutover, step);
    return wanted?.reason ?? wanted?.status ?? `no step ${stepId}`;
  };
  await expect.poll(look, { timeout: 480_000, intervals: [100] }).toBe(stepId);
}

async function press(
  operator: VerbContext,
  reviewer: VerbContext,
  { id: cutoverId, sourceId }: { id: string; sourceId: string },
  step: DerivedStep,
): Promise<void> {
  const { id: stepId, fingerprint, place, plan, live, gate, status } = step;
  if (!gate.open || live || status === 'passed' || (place.sequence && place.index > 0)) return;
  if (place.human === 'checklist')
    for (const { id: itemId } of checklistItems(place))
      await tickItem({ ctx: operator, input: { cutoverId, stepId, itemId, note: 'Seen on the page' } });
  else if (fingerprint)
    await signOff({
      ctx: reviewer,
      input: { cutoverId, stepId, decision: 'signed', fingerprint: fingerprint.digest },
    });
  else if (plan)
    await runStep({
      ctx: operator,
      input: { cutoverId, stepId, planDigest: plan.digest, ...(needsTypedId(place) ? { typedId: sourceId } : {}) },
    });
}

/** Runs one step once more, as the operator who doubts it. */
export async function runAgain(cutoverId: string, stepId: string): Promise<void> {
  const step = (await stepsOf(cutoverId)).find(({ id }) => id === stepId);
  const before = (await attemptsOf(cutoverId, stepId)).length;
  await runStep({
    ctx: await contextOf('operator'),
    input: { cutoverId, stepId, planDigest: step?.plan?.digest },
  });
  const ended = async () => (await attemptsOf(cutoverId, stepId)).filter(({ endedAt }) => endedAt).length;
  await expect.poll(ended, { timeout: 120_000 }).toBe(before + 1);
}

/** Presses the switch, and leaves it to itself. */
export async function pressSwitch(cutoverId: string): Promise<void> {
  const { cutover, ...rows } = await loadCutover(control(), cutoverId);
  const step = deriveSteps({ cutover, ...rows }).find(({ place }) => place.sequence && place.index === 0);
  const planDigest = step?.plan?.digest;
  const input = { cutoverId, stepId: step?.id ?? '', planDigest, typedId: cutover.sourceId };
  await runStep({ ctx: await contextOf('operator'), input });
}

/** Where a cutover stands when none of its attempts is under way. */
export async function settled(cutoverId: string): Promise<string> {
  const { attempts, cutover } = await loadCutover(control(), cutoverId);
  return attempts.some(({ endedAt, verb }) => !endedAt && verb !== 'plan') ? 'under way' : cutover.state;
}

/** The attempts of a cutover in order, a line each: what a failed proof is explained by. */
export async function storyOf(cutoverId: string): Promise<string> {
  const { attempts, cutover } = await loadCutover(control(), cutoverId);
  const lines = attempts
    .filter(({ verb }) => verb !== 'plan')
    .map(({ stepId, verb, state, takeovers, error }) =>
      [`${verb} ${stepId}: ${state}`, takeovers.length ? 'taken over' : '', error?.code, error?.message]
        .filter(Boolean)
        .join(', '),
    );
  return [`the cutover is ${cutover.state}`, ...lines].join('\n');
}

/** Goes on without a verdict: an admin says why, the reviewer stands behind it. */
export async function override(cutoverId: string, stepId: string, reason: string): Promise<void> {
  const { cutover } = await loadCutover(control(), cutoverId);
  const input = { cutoverId, stepId, reason, typedId: cutover.sourceId };
  await overrideStep({ ctx: await contextOf('admin'), input });
  await confirmOverride({ ctx: await contextOf('reviewer'), input: { cutoverId, stepId } });
}

/** Presses the rollback of a switched cutover as the operator, with an admin as the second person. */
export async function pressRollBack(cutoverId: string): Promise<void> {
  const operator = await contextOf('operator');
  const admin = await contextOf('admin');
  const planned = async () => {
    const { cutover, ...rows } = await loadCutover(control(), cutoverId);
    const first = deriveSteps({ cutover, ...rows }).find(({ place }) => place.group === 'runtime-rollback');
    if (!first?.plan) return 'not planned yet';
    const planDigest = first.plan.digest;
    await confirmSecondPerson({ ctx: admin, input: { cutoverId, act: 'rollback', planDigest } });
    await rollBack({ ctx: operator, input: { cutoverId, kind: 'runtime', planDigest, typedId: cutover.sourceId } });
    return 'pressed';
  };
  await expect.poll(planned, { timeout: 60_000 }).toBe('pressed');
}

/** Takes out what the cutover put in place and frees the profile. */
export async function abandon(cutoverId: string, sourceId: string): Promise<void> {
  await abandonCutover({ ctx: await contextOf('operator'), input: { cutoverId, typedId: sourceId } });
  await expect.poll(() => settled(cutoverId), { timeout: 60_000 }).toBe('abandoned');
}
