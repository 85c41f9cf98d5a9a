import { readLook } from '@/db/queries/views/read-look';
import { readNow } from '@/db/queries/views/read-now';
import { readNotes } from '@/db/queries/views/read-notes';
import { readCheckpoints, readFindings } from '@/db/queries/views/read-step-evidence';
import type { SessionContext } from '@/lib/auth/actor';
import { stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import { coveredSteps } from '@/lib/cutover/fingerprint';
import type { CutoverRows } from '@/lib/cutover/rows';
import { refusePerson } from '@/lib/cutover/who-may';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import type { Evidence } from '@/lib/shared/evidence';
import { routes } from '@/lib/shared/routes';
import { initialsAmong } from '@/lib/shared/initials';
import { listWords } from '@/lib/shared/words';
import type { ActDto, ReviewsDto } from './dto';
import { toFinding } from './parts/findings';
import { openCutover, type OpenCutover } from './parts/open-cutover';
import { waitsForReview } from '@/lib/cutover/reminder';
import { aboutOf, claimOf, coversNoteOf, inReadingOrder, lastDiff, tickedOf } from './parts/review-claim';
import { askedAt, reviewItems, reviewSteps } from './parts/review-items';
import { referenceOf, signOffRoles } from './parts/sign-off-roles';
import { signOffDto } from './parts/step-detail';
import { ownWorkWords, personWords } from './words/acts';
import { changedSince, coversOf } from './words/review';
import { stepTitle } from './words/step-title';

type Selected = NonNullable<ReviewsDto['selected']>;

/** The queue, and the chosen item (else the first of one's own). */
export async function buildReviews(
  ctx: SessionContext,
  chosen: { cutoverId?: string | undefined; stepId?: string | undefined },
): Promise<ReviewsDto> {
  const now = await readNow(ctx.db);
  const items = await reviewItems(ctx);
  const signOffs = items.filter(({ kind, done }) => kind === 'sign-off' && !done);
  const first = signOffs.find(({ mine }) => mine) ?? signOffs[0];
  const pick = chosen.cutoverId ? { cutoverId: chosen.cutoverId, stepId: chosen.stepId } : first;
  return {
    now: now.toISOString(),
    items,
    selected: pick ? await select(ctx, pick.cutoverId, pick.stepId) : null,
  };
}

async function select(ctx: SessionContext, cutoverId: string, stepId: string | undefined): Promise<Selected | null> {
  const open = await openCutover(ctx, cutoverId);
  const { rows, steps, people } = open;
  const chosen = stepId ? stepOf(steps, stepId) : reviewSteps(steps).find(waitsForReview);
  const step = chosen?.place.human === 'sign-off' ? chosen : reviewSteps(steps)[0];
  if (!step?.fingerprint) return null;
  const covered = coveredOf(steps, step);
  const about = aboutOf(step);
  const found = await newestCheckpoints(ctx, open, covered);
  const checkpoints = inReadingOrder(about, covered, found);
  const ticked = tickedOf(rows, covered, people);
  const look = await readLook(ctx.db, cutoverId, step.id, ctx.actor.id);
  const findings = (await readFindings(ctx.db, cutoverId)).filter((row) => covered.some(({ id }) => id === row.stepId));
  const own = ownWords(ctx, open) ?? noRoleLeft(signOffRoles(rows, step, ctx.actor.id, people));
  const { cutover } = rows;
  const initials = initialsAmong(people.values());
  return {
    cutoverId,
    stepId: step.id,
    system: rows.entry.system.title,
    sourceId: cutover.sourceId,
    gate: stepTitle(step.place),
    about,
    t0: (cutover.switchedAt ?? cutover.t0).toISOString(),
    askedBy: askedBy(open),
    askedAt: askedAt(rows, step)?.toISOString() ?? null,
    ...claimOf(about, {
      rows,
      covered,
      people,
      checkpoints,
      ticked,
      rules: findings.filter(({ rule }) => rule).length,
    }),
    changed:
      look && step.signOff?.by !== ctx.actor.id
        ? { lookedAt: look.at.toISOString(), ...changedSince(look.parts, step.fingerprint.parts) }
        : null,
    checkpoints,
    ticked,
    // In the order of the walk: of several, the last.
    rowDiff: lastDiff(found),
    findings: findings.map((row) => toFinding(row, people)),
    covers: coversOf(step.fingerprint.parts),
    coversNote: coversNoteOf(about, rows),
    fingerprint: step.fingerprint.digest,
    comments: (await readNotes(ctx.db, cutoverId)).map(({ by, at, text }) => ({
      by,
      initials: initials(by),
      at: at.toISOString(),
      text,
    })),
    unlocks: `${unlocksOf(rows.runbook, steps, step)} You ran no step of this cutover.`,
    own,
    signOff: decisionAct(ctx, rows, step, 'Sign off', own),
    reject: decisionAct(ctx, rows, step, 'Reject…', own),
    decided: signOffDto(step, people),
    roles: signOffRoles(rows, step, ctx.actor.id, people),
    approvalReference: referenceOf(step),
    logHref: routes.cutover(
      cutoverId,
      covered.findLast(({ place }) => place.step.kind === 'row-diff')?.id ?? covered.at(-1)?.id,
      'log',
    ),
  };
}

function coveredOf(steps: DerivedStep[], step: DerivedStep): DerivedStep[] {
  const places = new Map(steps.map(({ id, place }) => [id, place]));
  const ids = coveredSteps(places, step.place);
  return steps.filter(({ id }) => ids.includes(id));
}

async function newestCheckpoints(
  { db }: SessionContext,
  { rows }: OpenCutover,
  covered: DerivedStep[],
): Promise<Selected['checkpoints']> {
  const found = await readCheckpoints(
    db,
    rows.cutover.id,
    covered.map(({ id }) => id),
  );
  return covered.flatMap((step) =>
    found
      .filter(({ attemptId }) => attemptId === step.attempt?.id)
      .map((row) => ({
        key: row.key,
        claim: row.claim,
        verdict: row.verdict,
        evidence: row.evidence as unknown as Evidence,
        stepId: step.id,
        stepTitle: stepTitle(step.place),
        at: row.at.toISOString(),
      })),
  );
}

/** Why a person may decide for none of the roles that lack. */
function noRoleLeft(roles: Selected['roles']): string | null {
  const lacking = roles.filter(({ stands }) => stands !== 'signed');
  return lacking.length && lacking.every(({ refused }) => refused) ? (lacking[0]?.refused ?? null) : null;
}

function ownWords({ actor }: SessionContext, { rows, steps, rolesById }: OpenCutover): string | null {
  const others = [...rolesById].filter(
    ([id, roles]) => id !== actor.id && !refusePerson(rows, 'sign-off', { id, roles }),
  ).length;
  return ownWorkWords(rows, steps, actor.id, others);
}

const askedBy = ({ rows, people }: OpenCutover): string =>
  people.get(rows.attempts.findLast(({ requestedBy }) => requestedBy)?.requestedBy ?? rows.cutover.openedBy) ?? '';

function unlocksOf({ phases }: Runbook, steps: DerivedStep[], step: DerivedStep): string {
  const titleOf = (phaseId: string) => phases.find(({ id }) => id === phaseId)?.title ?? phaseId;
  const next = steps
    .filter(({ place }) => place.needs.includes(step.id))
    .map(({ place }) => (place.sequence && place.group === 'main' ? titleOf(place.phaseId) : stepTitle(place)));
  return next.length
    ? `Unlocks ${listWords([...new Set(next)].map((name) => `**${name}**`))}.`
    : 'Unlocks nothing further.';
}

/** Why there is nothing to decide; null: it waits. */
function notWaiting(step: DerivedStep): string | null {
  if (waitsForReview(step)) return null;
  if (step.status === 'passed') return 'It is signed already.';
  return step.reason ?? step.gate.reason ?? 'Nothing to sign yet.';
}

function decisionAct(
  { actor }: SessionContext,
  rows: CutoverRows,
  step: DerivedStep,
  label: string,
  own: string | null,
): ActDto {
  const disabledReason = own ?? personWords(refusePerson(rows, 'sign-off', actor), actor) ?? notWaiting(step);
  return {
    act: 'sign-off',
    label,
    consequence:
      label === 'Sign off'
        ? 'Recorded with your name on exactly this evidence.'
        : 'Stops the cutover here until what it names has changed.',
    disabledReason,
    card: false,
    danger: label !== 'Sign off',
    stepId: step.id,
    planDigest: null,
    seenAttempt: null,
  };
}
