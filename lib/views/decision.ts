import { readProfileState } from '@/db/queries/views/read-profile-states';
import { readAskedSecond } from '@/db/queries/audit/read-asked-second';
import { readPlanLines } from '@/db/queries/views/read-step-evidence';
import { readWorkers } from '@/db/queries/views/read-workers';
import type { SessionContext } from '@/lib/auth/actor';
import { passwordNeeded } from '@/lib/auth/fresh-sign-in';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import { usersLetThrough } from '@/lib/cutover/loss';
import { mayAct } from '@/lib/cutover/who-may';
import { countWords } from '@/lib/shared/words';
import type { ActDto, DecisionDto } from './dto';
import { closingCheck, decisionChecks } from './parts/decision-checks';
import { earlyWords } from './parts/early';
import { actOf, factsOf, stepOfAct, subOf } from './parts/decision-facts';
import { ledgerNameBehind } from './parts/ledger-name';
import { openCutover, type OpenCutover } from './parts/open-cutover';
import { lossOfGroup, type PressGroup, pressGroupOf } from './parts/press-group';
import { secondPersonOf } from './parts/second-person';
import { decisionLines } from './words/decision';
import { decisionBusy, decisionButton, decisionTitle } from './words/decision-names';
import { isLater } from './words/acts';
import { type Replaces, replacesOf } from './words/replaces';
import { ageWords } from './words/times';

type Params = { cutoverId: string; act: DecisionDto['act']; stepId?: string | undefined };
const shownRows = 10;

/** What a dangerous press would do, and whether it may be pressed right now. @throws CutoverError cutover_unknown | step_unknown */
export async function buildDecision(ctx: SessionContext, { cutoverId, act, stepId }: Params): Promise<DecisionDto> {
  const open = await openCutover(ctx, cutoverId);
  const { cutover, entry } = open.rows;
  const step = stepOfAct(open, act, stepId);
  const button = actOf(open, act, step);
  const group = await pressGroupOf(ctx, open, act, step);
  const loss = act === 'rollback' || act === 'data-rollback' || act === 'repair' ? lossOfGroup(group) : null;
  const lossReading = lossReadingOf(open, ctx, act, step, group);
  const workers = await readWorkers(ctx.db);
  const facts = {
    ...factsOf(open, act, step, loss ? BigInt(loss.count) : null),
    lossMoves: lossReading !== null,
    ...(act === 'data-rollback' || open.rows.runbook.from === open.rows.runbook.to
      ? { replaces: await replacedBy(ctx, open, step) }
      : {}),
    together: group.others,
    ledger: ledgerNameBehind(workers, entry.profile.target.dsn_env),
  };
  const second = secondPersonOf(
    open,
    ctx.actor,
    act,
    group,
    act === 'rollback' || act === 'data-rollback'
      ? ((await readAskedSecond(ctx.db, cutoverId, act))?.at ?? null)
      : null,
  );
  const checks = decisionChecks({
    open,
    act,
    step,
    state: await readProfileState(ctx.db, cutover.system, cutover.sourceId),
    workers,
  });
  const nowMs = open.rows.now.getTime();
  const needsPassword = passwordNeeded(ctx, nowMs);
  const broken = act === 'switch' && !isLater(step) ? closingCheck(open, checks) : undefined;
  const reasons = [
    button?.disabledReason,
    group.unready,
    button ? null : notNow(act, entry.profile.source_id),
    broken && `${broken.text}: ${broken.detail}`,
    lossReading?.old && 'The rows that would be lost were read over a minute ago. Read them again.',
    second.needed && act !== 'override' && !second.by && (second.reason ?? 'Waits for a second person.'),
  ];
  return {
    now: open.rows.now.toISOString(),
    act,
    stepId: step.id,
    title: decisionTitle(facts),
    sub: subOf(open, act),
    lines: decisionLines(facts),
    early: facts.later ? null : earlyWords(open.rows, act, step),
    checks,
    planning: planningOf(act, step, group, button),
    lossReading,
    loss: loss && (act === 'repair' ? rewritten(loss) : { ...loss, rows: loss.rows.slice(0, shownRows) }),
    secondPerson: second,
    typedId: cutover.sourceId,
    passwordNeeded: needsPassword,
    signedInText: `Last sign-in ${ageWords(nowMs - ctx.session.createdAt.getTime())} ago${needsPassword ? ', type your password' : ', no password needed'}`,
    planDigest: group.planDigest,
    closedReason: reasons.find((reason) => typeof reason === 'string') ?? null,
    button: decisionButton(facts),
    busy: decisionBusy(facts),
    losing: act === 'rollback' && (facts.lossCount !== 0n || lossReading !== null),
    reasonNeeded: act === 'override',
  };
}

function lossReadingOf(
  { rows }: OpenCutover,
  { actor }: SessionContext,
  act: DecisionDto['act'],
  step: DerivedStep,
  group: PressGroup,
): DecisionDto['lossReading'] {
  if (act !== 'rollback' || !step.plan || !usersLetThrough(rows)) return null;
  return {
    readAt: (group.lossSeen.readAt ?? step.plan.madeAt).toISOString(),
    old: group.lossOld,
    reading: step.live?.verb === 'plan',
    stepId: step.id,
    mayRead: mayAct('plan', actor),
  };
}

const replacedBy = async ({ db }: SessionContext, { rows }: OpenCutover, { plan }: DerivedStep): Promise<Replaces> =>
  replacesOf(plan ? ((await readPlanLines(db, rows.cutover.id, plan.attemptId))?.lines ?? null) : null);

/** A way out whose plan is still being made; what goes back from the host's own flight card waits for none. */
function planningOf(
  act: DecisionDto['act'],
  step: DerivedStep,
  { planDigest }: PressGroup,
  button: ActDto | null,
): DecisionDto['planning'] {
  if (planDigest || !button || (act !== 'rollback' && act !== 'data-rollback')) return null;
  return {
    why: button.disabledReason ?? 'Its plan is being made.',
    since: step.live?.verb === 'plan' ? step.live.queuedAt.toISOString() : null,
    breakGlass: act === 'rollback',
  };
}

/** What a repair puts over the rows of the target, from what it holds to what the source does: nothing is lost by it. */
const rewritten = (loss: NonNullable<DecisionDto['loss']>): DecisionDto['loss'] => ({
  ...loss,
  rows: loss.rows.map((row) => (row.kind === 'differing' ? { ...row, from: row.to, to: row.from } : row)),
  since: '',
  title: `${countWords(BigInt(loss.count), 'row')} of the target will be rewritten, as the plan lists by key`,
});

const notNow = (act: DecisionDto['act'], sourceId: string): string =>
  `This cutover of ${sourceId} cannot take ${act === 'abandon' ? 'an' : 'a'} ${act.replace('-', ' ')} now.`;
