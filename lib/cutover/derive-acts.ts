import type { ErrorCode } from '@/lib/errors';
import { isLive } from '@/lib/shared/statuses';
import { isGreen, switchTouched } from './derive-gate';
import type { DerivedStep } from './derive-steps';
import type { CutoverRows } from './rows';
import { abandonUnderWay, targetHoldsWrites } from './take-back';
import { needsTypedId } from './walk-runbook';

export type ActName =
  | 'run'
  | 'plan'
  | 'retry'
  | 'cancel'
  | 'choose-rule'
  | 'repair'
  | 'override'
  | 'confirm-override'
  | 'sign-off'
  | 'tick'
  | 'abandon'
  | 'rollback'
  | 'data-rollback'
  | 'confirm-outside';
export type Refusal = { code: ErrorCode; reason: string };
/** What may be done with a step (or the cutover) now; `refused` says why not. By whom says `who-may.ts`. */
export type DerivedAct = {
  act: ActName;
  refused: Refusal | null;
  danger: boolean;
  planDigest: string | null;
  /** Where it is pressed, when that is not the step that offers it. */
  stepId?: string;
};

const make = (act: ActName, refused: Refusal | null = null, more: Partial<DerivedAct> = {}): DerivedAct => ({
  act,
  refused,
  danger: false,
  planDigest: null,
  ...more,
});

/** The refusal of a press on this step, or null. `runStep` and the worker ask the same question. */
export function refuseRun(rows: CutoverRows, step: DerivedStep): Refusal | null {
  const { place, gate, live, status } = step;
  if (place.human) return { code: 'state_forbids', reason: 'A person decides this step; nothing runs.' };
  if (!gate.open) return { code: gate.code, reason: gate.reason ?? 'The gate is closed.' };
  const broke = status === 'failed' || status === 'unknown';
  // Of the switch only the thaw is pressed again alone, once it broke: users are held until then.
  const inSwitch = place.group === 'main' && place.sequence;
  if (inSwitch && place.index > 0 && !(place.step.kind === 'thaw' && broke))
    return { code: 'gate_closed', reason: 'It follows by itself in its sequence; press the first step.' };
  const inRollback = place.group === 'runtime-rollback' || place.group === 'data-rollback';
  if (inRollback && !(rows.cutover.state === 'rolled_back' && broke))
    return { code: 'gate_closed', reason: 'It is part of a rollback; press Roll back.' };
  if (inSwitch && place.index === 0 && switchTouched(rows) && !live)
    return { code: 'state_forbids', reason: touchedWords(rows) };
  if (live)
    return { code: 'step_running', reason: live.verb === 'plan' ? 'Its plan is being made.' : 'It is running.' };
  return null;
}

/** Why the switch cannot be pressed: it runs, returns by itself, or stands half done. */
function touchedWords(rows: CutoverRows): string {
  const moving = rows.attempts.find(({ verb, state, pressId }) => verb !== 'plan' && pressId && isLive(state));
  if (!moving) return 'The switch stands half done; roll back first.';
  if (moving.pressId?.startsWith('rollback:')) return 'The switch is being rolled back.';
  return moving.verb === 'undo' ? 'The switch is being taken back by itself.' : 'It was pressed and runs.';
}

export function deriveActs(rows: CutoverRows, step: DerivedStep, steps: DerivedStep[]): DerivedAct[] {
  const { place, status, gate, live, plan } = step;
  const acts: DerivedAct[] = [];
  if (place.human === 'sign-off') {
    if (gate.open && status !== 'passed') acts.push(make('sign-off'));
    return acts;
  }
  if (place.human === 'checklist') {
    if (status !== 'locked') acts.push(make('tick'));
    return acts;
  }
  const refused =
    refuseRun(rows, step) ??
    (plan
      ? null
      : {
          code: 'plan_missing' as const,
          reason: step.planAttempt?.state === 'failed' ? 'Its plan could not be made.' : 'It has no plan yet.',
        });
  acts.push(
    make(step.attempt ? 'retry' : 'run', refused, {
      danger: needsTypedId(place),
      planDigest: plan?.digest ?? null,
    }),
  );
  if (gate.open && (place.group === 'main' || place.index === 0 || refuseRun(rows, step)?.code !== 'gate_closed'))
    acts.push(make('plan', live ? { code: 'step_running', reason: 'It is under way.' } : null));
  if (live) acts.push(make('cancel'));
  const repair = steps.find((other) => other.place.repairs === step.id);
  if (repair?.gate.open && (!live || live.verb === 'plan')) acts.push(repairAct(rows, repair));
  if (
    rows.findings.some(
      ({ stepId, rule, rules, blocking }) => stepId === step.id && !rule && rules.length > 0 && blocking > 0,
    )
  )
    acts.push(make('choose-rule'));
  if ((status === 'failed' || status === 'unknown') && place.step.on_failure.includes('override')) {
    acts.push(
      step.override && !step.override.confirmedBy
        ? make('confirm-override', null, { danger: true })
        : make('override', null, { danger: true }),
    );
  }
  return withMoves(acts, rows, step, steps);
}

/** The repair of a row diff that found rows which differ, with the plan that lists them. */
function repairAct(rows: CutoverRows, repair: DerivedStep): DerivedAct {
  const listing: Refusal = {
    code: 'plan_missing',
    reason:
      repair.planAttempt?.state === 'failed'
        ? `The rows could not be listed: ${repair.planAttempt.error?.message ?? 'no reason was recorded'}`
        : 'The rows to rewrite are being listed.',
  };
  const refused = refuseRun(rows, repair) ?? (repair.plan ? null : listing);
  const planDigest = repair.plan?.digest ?? null;
  return { ...make('repair', refused, { danger: true, planDigest }), stepId: repair.id };
}

function withMoves(acts: DerivedAct[], rows: CutoverRows, step: DerivedStep, steps: DerivedStep[]): DerivedAct[] {
  if (step.status !== 'failed' && step.status !== 'unknown') return acts;
  const exits = deriveExits(rows, steps);
  return [
    ...acts,
    ...exits.filter(
      ({ act }) => (act === 'abandon' || act === 'rollback') && (step.place.step.on_failure as string[]).includes(act),
    ),
  ];
}

/** Why a way out has no plan: it is made when the press that runs has ended, and one that failed is made again by hand. */
function noPlanWords({ attempts }: CutoverRows, id: string | undefined): string {
  const last = attempts.findLast(({ stepId, verb }) => stepId === id && verb === 'plan');
  if (last?.state === 'failed')
    return `Its plan could not be made: ${last.error?.message ?? 'no reason was recorded'} Open its first step and make the plan again.`;
  const runs = attempts.some(({ verb, state, pressId }) => verb !== 'plan' && pressId && isLive(state));
  return !last && runs ? 'Its plan is made as soon as the step that runs has ended.' : 'Its plan is being made.';
}

/** A switch that was pressed goes on by itself as soon as a worker takes it; there is nothing to abandon before it ends. */
function pressed(rows: CutoverRows, steps: DerivedStep[]): Refusal | null {
  const abandoning = abandonUnderWay(rows, steps);
  if (abandoning) return { code: 'step_running', reason: abandoning.words };
  const waits = steps.some(
    ({ place, live }) => place.group === 'main' && place.sequence && live && live.verb !== 'plan',
  );
  return waits
    ? { code: 'step_running', reason: 'The switch was pressed and waits for a worker; cancel it first.' }
    : null;
}

/** An abandon would drop the only copy of what users wrote to the target; the data rollback sets it aside. */
const notSetAside = (rows: CutoverRows, steps: DerivedStep[]): Refusal | null =>
  rows.runbook.rollbacks.data && targetHoldsWrites(rows, steps)
    ? {
        code: 'data_not_set_aside',
        reason:
          'The target alone holds what users wrote before the rollback. Roll back the data first: it sets that aside.',
      }
    : null;

/** Ways out of the whole cutover: abandon before T-0, roll back after it, roll the data back after that. */
export function deriveExits(rows: CutoverRows, steps: DerivedStep[]): DerivedAct[] {
  const { cutover, runbook } = rows;
  if (cutover.state === 'closed' || cutover.state === 'abandoned') return [];
  if (cutover.outsideActAt) return [make('confirm-outside', null, { danger: true })];
  const touched = switchTouched(rows);
  const planOf = (id: string | undefined) => steps.find((step) => step.id === id)?.plan?.digest ?? null;
  const exit = (act: 'rollback' | 'data-rollback', id: string | undefined, refused: Refusal | null): DerivedAct => {
    const planDigest = planOf(id);
    return make(act, refused ?? (planDigest ? null : { code: 'plan_missing', reason: noPlanWords(rows, id) }), {
      danger: true,
      planDigest,
    });
  };
  const exits: DerivedAct[] = [];
  if (cutover.state === 'switched' || (cutover.state === 'open' && touched))
    exits.push(exit('rollback', runbook.rollbacks.runtime.steps[0]?.id, null));
  const data = steps.filter(({ place }) => place.group === 'data-rollback');
  // Done once it is done: nobody writes to the target meanwhile, so a second restore would change nothing.
  if (cutover.state === 'rolled_back' && runbook.rollbacks.data && !data.every(({ status }) => isGreen(status)))
    exits.push(exit('data-rollback', runbook.rollbacks.data.steps[0]?.id, null));
  if (cutover.state !== 'switched' && !(cutover.state === 'open' && touched))
    exits.push(make('abandon', pressed(rows, steps) ?? notSetAside(rows, steps), { danger: true }));
  return exits;
}
