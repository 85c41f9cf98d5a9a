import { readPeopleNames } from '@/db/queries/person/read-people-names';
import { readElsewhere } from '@/db/queries/views/read-elsewhere';
import { readPlanLines } from '@/db/queries/views/read-step-evidence';
import type { CutoverLine } from '@/db/queries/views/list-cutovers';
import type { Actor, SessionContext } from '@/lib/auth/actor';
import { deriveExits } from '@/lib/cutover/derive-acts';
import { type DerivedStep, deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutovers } from '@/lib/cutover/load-cutover';
import type { CutoverRows } from '@/lib/cutover/rows';
import { formatDuration } from '@/lib/shared/format';
import type { PlanLine } from '@/lib/shared/evidence';
import { leftWords } from '@/lib/shared/progress';
import { capital } from '@/lib/shared/words';
import type { ActDto, CutoverRowDto, FleetRowDto } from '@/lib/views/dto';
import { toActDto } from '@/lib/views/words/acts';
import { type Badge, badgeWords } from '@/lib/views/words/badge';
import { sentenceText } from '@/lib/views/words/next';
import { orderActs } from './act-order';
import { badgeOf } from './badge';
import { currentStep, sequenceUnderWay } from './current-step';
import { freezeOf } from './freeze';
import { toNext } from './next';
import { readTrouble } from './trouble';

export type Headline = {
  glyph: FleetRowDto['status']['glyph'];
  headline: string;
  detail: string;
  fraction: number | null;
  /** As in the header of its page. */
  badge: Badge;
  switching: boolean;
  /** Lower comes first. */
  urgency: number;
};

/** "Watch. Next: plugin operations."; a phase that its sentence begins with is not said twice. */
export const standsIn = ({ headline, detail }: Pick<Headline, 'headline' | 'detail'>): string =>
  detail.startsWith(headline) ? detail : `${headline}. ${detail}`;

const glyphs: Partial<Record<string, Headline['glyph']>> = {
  running: 'running',
  failed: 'failed',
  unknown: 'unknown',
  waiting: 'waiting',
  stale: 'waiting',
  passed: 'passed',
  overridden: 'passed',
};

/** Where open cutovers stand, by id, for lists: "Load, 79 %" and the sentence of its page. */
export async function headlinesOf(ctx: SessionContext, ids: readonly string[]): Promise<Map<string, Headline>> {
  const found = new Map<string, Headline>();
  for (const rows of await loadCutovers(ctx.db, ids)) found.set(rows.cutover.id, await headlineOf(ctx, rows));
  return found;
}

async function headlineOf({ db, actor }: SessionContext, rows: CutoverRows): Promise<Headline> {
  const steps = deriveSteps(rows);
  const current = currentStep(rows, steps);
  const freeze = freezeOf(rows, steps, null);
  const lines = new Map<string, PlanLine[]>();
  if (current?.plan) {
    const plan = await readPlanLines(db, rows.cutover.id, current.plan.attemptId);
    if (plan) lines.set(current.id, plan.lines);
  }
  const toActs = (step: DerivedStep): ActDto[] =>
    orderActs(
      step,
      step.acts.map((act) => toActDto(act, { rows, actor, step })),
    );
  const elsewhere = await readElsewhere(db, rows.cutover.id, rows.cutover.switchGroup);
  const trouble = await readTrouble(db, { rows, steps, elsewhere });
  const next = toNext({
    rows,
    steps,
    exits: steps[0] ? exitsOf(rows, steps, steps[0], actor) : [],
    freeze,
    actsOf: toActs,
    planOf: (step) => lines.get(step.id) ?? null,
    asked: [...(await readPeopleNames(db, rows.cutover.asked)).values()],
  });
  const glyph = trouble?.glyph ?? glyphOf(rows, current);
  const left = leftWords(next.live?.progress ?? null);
  const percent = next.fraction === null ? '' : `, ${Math.floor(next.fraction * 100)} %`;
  return {
    glyph,
    badge: badgeOf(rows, steps, current, trouble),
    headline: `${phaseWords(rows, current)}${percent}`,
    detail: [
      trouble?.lead,
      sentenceText({ ...next, rest: [left && `${capital(left)}.`, next.rest].filter(Boolean).join(' ') }),
    ]
      .filter(Boolean)
      .join(' '),
    fraction: next.fraction,
    switching: sequenceUnderWay(steps) !== null,
    urgency: urgencyOf(rows, glyph),
  };
}

function glyphOf({ cutover }: CutoverRows, current: DerivedStep | null): Headline['glyph'] {
  if (cutover.state === 'rolled_back') return 'waiting';
  return glyphs[current?.status ?? 'passed'] ?? 'ready';
}

const exitsOf = (rows: CutoverRows, steps: DerivedStep[], step: DerivedStep, actor: Actor): ActDto[] =>
  deriveExits(rows, steps).map((act) => toActDto(act, { rows, actor, step }));

/** The phase it stands in: "Load", "Rollback", "Done". */
function phaseWords({ cutover, runbook }: CutoverRows, current: DerivedStep | null): string {
  if (cutover.outsideActAt) return 'Rolled back outside';
  if (!current) return cutover.state === 'rolled_back' ? 'Rolled back' : 'Done';
  if (current.place.group === 'runtime-rollback') return 'Rollback';
  if (current.place.group === 'data-rollback') return 'Data rollback';
  return runbook.phases.find(({ id }) => id === current.place.phaseId)?.title ?? '';
}

function urgencyOf({ cutover }: CutoverRows, glyph: Headline['glyph']): number {
  if (cutover.outsideActAt || glyph === 'failed' || glyph === 'unknown' || glyph === 'drift') return 0;
  return glyph === 'running' ? 3 : 2;
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** @param badge of an open cutover; an ended one says its state @param returned by cutover id, ms users were held by a press that came back */
export const toCutoverRow = (
  line: CutoverLine,
  headline: string,
  badge: Badge | null,
  returned: ReadonlyMap<string, number>,
): CutoverRowDto => ({
  id: line.id,
  system: line.system,
  sourceId: line.sourceId,
  kind: line.kind,
  state: line.state,
  badge: badge ?? badgeWords({ state: line.state, current: null, under: null, outside: false }),
  runbook: line.runbook,
  // As in its header: the clock of a switched one counts from the switch.
  t0: (line.switchedAt ?? line.t0).toISOString(),
  openedBy: line.openedBy,
  headline,
  createdAt: line.createdAt.toISOString(),
  endedAt: iso(line.endedAt),
  frozen: frozenWords(line.frozenMs, returned.get(line.id)),
});

function frozenWords(frozenMs: number | null, returnedMs: number | undefined): string | null {
  if (frozenMs !== null) return formatDuration(frozenMs);
  return returnedMs === undefined ? null : `${formatDuration(returnedMs)}, returned`;
}

/** What an ended cutover came to. */
export function endedWords({
  state,
  frozenMs,
  rolledBackAt,
}: Pick<CutoverLine, 'state' | 'frozenMs' | 'rolledBackAt'>): string {
  const frozen = frozenMs === null ? '' : `, users were held ${formatDuration(frozenMs)}`;
  if (state === 'closed') return `Closed${frozen}.`;
  return rolledBackAt ? 'Rolled back, then abandoned.' : 'Abandoned before T-0.';
}
