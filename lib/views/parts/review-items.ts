import { listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { listDecisions } from '@/db/queries/views/read-look';
import { readAskedPlan } from '@/db/queries/audit/read-asked-plan';
import { readAskedSecond } from '@/db/queries/audit/read-asked-second';
import { readPeopleNames } from '@/db/queries/person/read-people-names';
import type { SessionContext } from '@/lib/auth/actor';
import { deriveExits } from '@/lib/cutover/derive-acts';
import { confirmationsOf, lossSeen, needsSecondPerson, standsBehind } from '@/lib/cutover/loss';
import { routes } from '@/lib/shared/routes';
import { deriveSteps, type DerivedStep } from '@/lib/cutover/derive-steps';
import { reminderOf, waitsForReview } from '@/lib/cutover/reminder';
import { loadCutovers } from '@/lib/cutover/load-cutover';
import type { CutoverRows } from '@/lib/cutover/rows';
import { refuseRole } from '@/lib/cutover/sign-off-roles';
import { refusePerson, stepsRunBy } from '@/lib/cutover/who-may';
import { type Runbook, runbookFile, type RunbookStep } from '@/lib/fleet/runbook-schema';
import type { ReviewItemDto } from '@/lib/views/dto';
import { byUrgency } from '@/lib/shared/review-order';
import { pressWords } from '@/lib/views/words/in-place';
import { stepTitle, titleInSentence } from '@/lib/views/words/step-title';
import { rollbackPress } from './rolled-back';

const doneShown = 50;
export const reviewSteps = (steps: DerivedStep[]): DerivedStep[] =>
  steps.filter(({ place }) => place.human === 'sign-off');

/** The last thing that was checked, by the console or by a person's tick, before the reviewer's turn. */
export function askedAt(rows: CutoverRows, { place }: DerivedStep): Date | null {
  const checked = rows.attempts.findLast(
    ({ stepId, endedAt, verb }) => endedAt && verb !== 'plan' && place.needs.includes(stepId),
  )?.endedAt;
  const ticks = rows.ticks.filter(({ stepId }) => place.needs.includes(stepId)).map(({ at }) => at);
  const last = Math.max(...[...ticks, ...(checked ? [checked] : [])].map((at) => at.getTime()));
  return Number.isFinite(last) ? new Date(last) : null;
}

/** Without roles anybody may; with them, who may for one that lacks. */
function mayDecide(rows: CutoverRows, { place, signRoles, fingerprint }: DerivedStep, personId: string): boolean {
  const lacking = signRoles.filter(({ stands }) => stands !== 'signed');
  if (!lacking.length || !fingerprint) return true;
  return lacking.some((role) => !refuseRole(rows, place, role, { personId, fingerprint }));
}

/** What waits for a reviewer, and what was decided. Reads every open cutover. */
export async function reviewItems({ db, actor }: SessionContext): Promise<ReviewItemDto[]> {
  const waiting: ReviewItemDto[] = [];
  const open = await listOpenCutovers(db);
  for (const rows of await loadCutovers(
    db,
    open.map(({ id }) => id),
  )) {
    const steps = deriveSteps(rows);
    waiting.push(...(await secondPersonItems(db, rows, steps, actor)));
    for (const step of reviewSteps(steps).filter(waitsForReview)) {
      const mine = !refusePerson(rows, 'sign-off', actor) && mayDecide(rows, step, actor.id);
      waiting.push({
        ...itemBase(rows.cutover, step.id, stepTitle(step.place), blockedBy(step.place.step, rows.runbook)),
        waitingSince: askedAt(rows, step)?.toISOString() ?? null,
        mine,
        reminder: mine ? await reminderFor(db, rows, step.id, actor.id) : null,
        done: null,
        doneBy: null,
        doneAt: null,
      });
    }
  }
  const done = (await listDecisions(db, doneShown)).map((row): ReviewItemDto => {
    const found = runbookFile
      .safeParse(row.runbook)
      .data?.phases.flatMap(({ steps }) => steps)
      .find(({ id }) => id === row.stepId);
    const title = found ? stepTitle({ step: found }) : row.stepId;
    return {
      ...itemBase({ ...row, id: row.cutoverId }, row.stepId, title, ''),
      waitingSince: null,
      mine: row.byId === actor.id,
      done: row.decision,
      doneBy: row.by,
      doneAt: row.at.toISOString(),
    };
  });
  return [...waiting.sort(byUrgency), ...done];
}

/** Who is reminded: the people who were asked, or every reviewer where nobody was. */
async function reminderFor(
  db: SessionContext['db'],
  rows: CutoverRows,
  stepId: string,
  personId: string,
): Promise<ReviewItemDto['reminder']> {
  const { asked } = rows.cutover;
  const found = asked.length === 0 || asked.includes(personId) ? reminderOf(rows, stepId) : null;
  if (!found) return null;
  const names = await readPeopleNames(db, [found.by]);
  return { by: names.get(found.by) ?? '', at: found.at.toISOString() };
}

/** A press of the card reads the rows to be lost again and again; one this young means that somebody stands before it. */
const askedWithinMs = 5 * 60_000;

/** Acts that wait for a second person, for everybody who may be it. */
async function secondPersonItems(
  db: SessionContext['db'],
  rows: CutoverRows,
  steps: DerivedStep[],
  actor: SessionContext['actor'],
): Promise<ReviewItemDto[]> {
  const none = { done: null, doneBy: null, doneAt: null };
  const overrides = steps.flatMap((step): ReviewItemDto[] =>
    step.override && !step.override.confirmedBy
      ? [
          {
            ...itemBase(rows.cutover, step.id, `Override of ${titleInSentence(step.place)}`, ''),
            ...none,
            kind: 'override',
            href: routes.cutover(rows.cutover.id, step.id),
            blocks: 'needs a second person',
            waitingSince: step.override.at.toISOString(),
            mine: step.override.by !== actor.id,
          },
        ]
      : [],
  );
  const asked = (await rollbackAsked(db, rows, steps)) ?? (await restoreAsked(db, rows, steps));
  if (!asked) return overrides;
  const { act } = asked;
  return [
    ...overrides,
    {
      ...itemBase(rows.cutover, asked.stepId, rollbackTitle(rows, act), ''),
      ...none,
      kind: 'rollback',
      href: `${routes.cutover(rows.cutover.id)}?card=${act}`,
      blocks: 'needs a second person',
      waitingSince: asked.at.toISOString(),
      mine: asked.by !== actor.id && stepsRunBy(rows, actor.id).length === 0,
    },
  ];
}

type Rollback = 'rollback' | 'data-rollback';
type Asked = { act: Rollback; stepId: string; at: Date; by: string };

const rollbackTitle = ({ runbook }: CutoverRows, act: Rollback): string =>
  act === 'rollback' ? `Rollback to ${runbook.from}` : 'Data rollback: restore the target';

/** The first step of a rollback that may be pressed as soon as somebody stands behind its plan; null where nobody need or does. */
function lacksSecond(rows: CutoverRows, steps: DerivedStep[], act: Rollback) {
  const exit = deriveExits(rows, steps).find((one) => one.act === act);
  const group = act === 'rollback' ? 'runtime-rollback' : 'data-rollback';
  const first = steps.find(({ place }) => place.group === group && place.index === 0);
  if (!exit || !first?.plan || !needsSecondPerson(rows, act, first.plan.loss)) return null;
  const { plan } = first;
  const stands = confirmationsOf(rows, act, plan.digest).some((one) => standsBehind(rows, one, lossSeen([plan])));
  return stands ? null : { act, stepId: first.id, planDigest: plan.digest };
}

/** Somebody has asked, or has the card of a losing rollback open, and nobody stands behind it yet; null otherwise. */
async function rollbackAsked(db: SessionContext['db'], rows: CutoverRows, steps: DerivedStep[]): Promise<Asked | null> {
  const lacking = lacksSecond(rows, steps, 'rollback');
  if (!lacking) return null;
  const last = confirmationsOf(rows, 'rollback', lacking.planDigest).at(-1);
  const wanted = await readAskedSecond(db, rows.cutover.id, 'rollback');
  if (wanted && !(last && last.at > wanted.at)) return { ...lacking, ...wanted };
  const asked = await readAskedPlan(db, rows.cutover.id, lacking.stepId);
  return asked && rows.now.getTime() - asked.at.getTime() < askedWithinMs ? { ...lacking, ...asked } : null;
}

/** The rows of a data rollback move no more, so its card reads nothing again and does not tell that somebody stands before it: it waits
 *  from when it was asked for, until it is confirmed or the cutover abandoned. */
async function restoreAsked(db: SessionContext['db'], rows: CutoverRows, steps: DerivedStep[]): Promise<Asked | null> {
  if (rollbackPress(rows, steps, 'data-rollback')) return null;
  const lacking = lacksSecond(rows, steps, 'data-rollback');
  const asked = lacking && (await readAskedSecond(db, rows.cutover.id, 'data-rollback'));
  return lacking && asked ? { ...lacking, ...asked } : null;
}

/** "blocks the switch": what a sign-off lets through. */
const blockedBy = ({ params }: RunbookStep, runbook: Runbook): string =>
  `blocks the ${params.covers === 'close' ? 'close' : pressWords(runbook).noun}`;

const itemBase = (
  cutover: { id: string; system: string; sourceId: string; t0: Date; switchedAt: Date | null },
  stepId: string,
  gate: string,
  blocks: string,
) => ({
  kind: 'sign-off' as const,
  href: routes.reviews(cutover.id, stepId),
  cutoverId: cutover.id,
  stepId,
  system: cutover.system,
  sourceId: cutover.sourceId,
  gate,
  t0: (cutover.switchedAt ?? cutover.t0).toISOString(),
  blocks,
  reminder: null,
});
