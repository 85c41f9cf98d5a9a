import { readNotes } from '@/db/queries/views/read-notes';
import type { SessionContext } from '@/lib/auth/actor';
import { stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import { switchTouched } from '@/lib/cutover/derive-gate';
import { mayAct } from '@/lib/cutover/who-may';
import { peopleOn } from '@/lib/live/presence';
import { formatDuration } from '@/lib/shared/format';
import { initialsAmong } from '@/lib/shared/initials';
import { rulesAreSettled } from '@/lib/shared/statuses';
import type { ActDto, WizardDto } from './dto';
import { badgeOf } from './parts/badge';
import { currentStep, lastRun, returnedBy, sequenceUnderWay, walkedSteps } from './parts/current-step';
import { driftOf } from './parts/file-drift';
import { toFreezeDto, toPredicted } from './parts/freeze';
import { toGate } from './parts/gate-list';
import { toNext } from './parts/next';
import { lostPlaceOf } from './parts/lost-place';
import { openCutover, type OpenCutover } from './parts/open-cutover';
import { lateMsOf, toPhases } from './parts/phases';
import { planReader } from './parts/plan-reader';
import { toStepDetail } from './parts/step-detail';
import { toStrip } from './parts/strip';
import { toSummary } from './parts/summary';
import { holdWarning } from './words/hold';
import { titleInSentence } from './words/step-title';
import { lateWords } from './words/times';
import { inPlaceName, pressWords } from './words/in-place';
import { undoableWords, wayBackWords } from './words/way-back';

/** The whole wizard page for one person. @throws CutoverError cutover_unknown */
export async function buildWizard(
  ctx: SessionContext,
  { cutoverId, stepId }: { cutoverId: string; stepId?: string | undefined },
): Promise<WizardDto> {
  const open = await openCutover(ctx, cutoverId);
  const { rows, steps, freeze } = open;
  const { cutover, runbook, entry } = rows;
  const current = currentStep(rows, steps);
  const opensAt = lastRun(rows, steps) ?? current;
  const selected =
    (stepId ? stepOf(steps, stepId) : null) ??
    opensAt ??
    walkedSteps(rows, steps).at(-1) ??
    steps.findLast(({ place }) => place.group === 'main') ??
    steps[0];
  if (!selected) throw new Error(`runbook ${runbook.name} has no steps`);
  const detail = await toStepDetail({ ...open, db: ctx.db, step: selected, moves: movesOf(open, selected) });
  const lateMs = lateMsOf(rows, steps);
  const strip = toStrip(open);
  const initials = initialsAmong(open.people.values());
  const badge = badgeOf(rows, steps, current, open.trouble);
  return {
    now: rows.now.toISOString(),
    id: cutover.id,
    system: cutover.system,
    systemTitle: entry.system.title,
    sourceId: cutover.sourceId,
    kind: cutover.kind,
    state: cutover.state,
    badge: strip?.outcome === 'running' ? underWay(badge, rows) : badge,
    runbook: {
      name: runbook.name,
      title: runbook.title,
      version: runbook.version,
      from: runbook.from,
      to: runbook.to,
      ...(runbook.surfaces ? { surfaces: runbook.surfaces } : {}),
    },
    // The clock runs from the plan until the switch, then from the switch itself.
    t0: (cutover.switchedAt ?? cutover.t0).toISOString(),
    endedAt: cutover.endedAt?.toISOString() ?? null,
    rules: rulesFor(open, ctx),
    lateMs,
    lateText: cutover.frozenMs !== null ? `frozen ${formatDuration(cutover.frozenMs)}` : lateWords(lateMs),
    freeze: toFreezeDto(freeze),
    wayBack: wayBackWords(runbook, cutover.state),
    next: toNext({ ...open, planOf: await planReader(ctx.db, rows, steps, current) }),
    exit: open.exits.find(({ act }) => act === 'rollback') ?? open.exits.find(({ act }) => act === 'abandon') ?? null,
    extra: extraActs(open, selected),
    phases: toPhases(rows, steps),
    currentStepId: (opensAt ?? selected).id,
    step: detail,
    gate: {
      ...toGate(rows, steps, open.summaries, open.asked, ctx.actor.roles),
      warning: warningOf(open),
    },
    people: peopleDto(open),
    undoable: undoableWords({
      made: steps.some(({ place, attempt }) => place.step.kind === 'bootstrap' && attempt !== null),
      state: cutover.state,
      switching: sequenceUnderWay(steps)?.place.group === 'main' || (cutover.state === 'open' && switchTouched(rows)),
      from: runbook.from,
      schema: entry.profile.target.schema,
      keepDays: keepDaysOf(steps),
      switches: runbook.phases.some(({ sequence }) => sequence),
      inPlace: inPlaceName(runbook) !== null,
      lost: lostPlaceOf(rows, steps),
    }),
    notes: (await readNotes(ctx.db, cutoverId)).map(({ id, by, at, text }) => ({
      id,
      by,
      initials: initials(by),
      at: at.toISOString(),
      text,
    })),
    stalled: open.stalled ?? null,
    strip,
    summary: toSummary(open),
    drifted: await driftOf(ctx.db, rows),
    cursor: cutover.eventSeq,
    logAttemptId: (selected.live && selected.live.verb !== 'plan' ? selected.live : selected.attempt)?.id ?? null,
  };
}

function rulesFor({ rows }: OpenCutover, { actor }: SessionContext): WizardDto['rules'] {
  if (rulesAreSettled(rows.cutover.state)) return 'settled';
  return mayAct('choose-rule', actor) ? 'open' : 'not-yours';
}

/** As long as the press is still to come. */
const warningOf = ({ rows, freeze }: OpenCutover): string | null =>
  (rows.cutover.state === 'planned' || rows.cutover.state === 'open') &&
  rows.runbook.phases.some(({ sequence }) => sequence)
    ? holdWarning(toPredicted(rows, freeze), pressWords(rows.runbook).noun)
    : null;

/** Safe moves of a step that broke; a running one may only be cancelled. */
function movesOf(open: OpenCutover, step: DerivedStep): ActDto[] {
  if (step.status !== 'failed' && step.status !== 'unknown') return [];
  const own = open.actsOf(step).filter(({ act }) => act !== 'plan' && act !== 'cancel');
  if (!step.place.sequence) return own;
  // A step of a sequence is not pressed by itself: what is offered is the press it belongs to, or the way out.
  const first = returnedBy(open.rows, open.steps, step);
  return [...(first ? open.actsOf(first) : own).filter(({ disabledReason }) => !disabledReason), ...open.exits];
}

/** What else may be pressed on the selected step and on the cutover, besides the header's own buttons. */
function extraActs(open: OpenCutover, step: DerivedStep): ActDto[] {
  const main = new Set(['rollback', 'abandon']);
  const exits = open.exits.filter(({ act }, at) => !(main.has(act) && at === 0));
  return [...open.actsOf(step).filter(({ act }) => !main.has(act)), ...exits];
}

function peopleDto({ rows, steps, people }: OpenCutover): WizardDto['people'] {
  const running = new Map(
    steps.flatMap(({ live, place }) =>
      live?.requestedBy && live.verb !== 'plan' ? [[live.requestedBy, titleInSentence(place)]] : [],
    ),
  );
  const here = peopleOn(rows.cutover.id);
  const asked = new Set(rows.cutover.asked);
  const initials = initialsAmong(people.values());
  const absent = [...new Set([...running.keys(), ...asked])]
    .filter((id) => !here.some((person) => person.id === id))
    .map((id) => ({ id, name: people.get(id) ?? '' }));
  return [...here, ...absent].map(({ id, name }) => ({
    name,
    initials: initials(name),
    doing: doingWords(
      running.get(id),
      asked.has(id),
      here.some((person) => person.id === id),
    ),
  }));
}

/** Of several profiles one step runs at a time: the others are under way all the same. */
const underWay = (badge: WizardDto['badge'], { cutover, runbook }: OpenCutover['rows']): WizardDto['badge'] =>
  badge.glyph === 'running' || badge.glyph === 'failed'
    ? badge
    : { ...badge, glyph: 'running', text: cutover.state === 'open' ? pressWords(runbook).now : 'rolling back' };

function doingWords(runs: string | undefined, asked: boolean, here: boolean): string {
  if (runs) return `runs ${runs}`;
  if (asked) return here ? 'here, asked to sign off' : 'asked to sign off';
  return 'here';
}

const keepDaysOf = (steps: DerivedStep[]): number | null => {
  const days = steps.find(({ place }) => place.step.kind === 'close')?.place.step.params.keep_snapshot_days;
  return typeof days === 'number' ? days : null;
};
