import { readPeopleNames } from '@/db/queries/person/read-people-names';
import { readElsewhere } from '@/db/queries/views/read-elsewhere';
import { readGoneWorkers } from '@/db/queries/views/read-gone-workers';
import { readLastFreeze } from '@/db/queries/views/read-last-freeze';
import { readWorkers } from '@/db/queries/views/read-workers';
import type { Actor, SessionContext } from '@/lib/auth/actor';
import { deriveExits } from '@/lib/cutover/derive-acts';
import { type DerivedStep, deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutovers } from '@/lib/cutover/load-cutover';
import type { CutoverRows } from '@/lib/cutover/rows';
import { leftWords } from '@/lib/shared/progress';
import { capital } from '@/lib/shared/words';
import type { ActDto, FleetRowDto, WizardDto } from '@/lib/views/dto';
import { toActDto } from '@/lib/views/words/acts';
import type { Badge } from '@/lib/views/words/badge';
import { sentenceText } from '@/lib/views/words/next';
import type { Trouble } from '@/lib/views/words/trouble';
import { orderActs } from './act-order';
import { lastingOf } from './lasting';
import { badgeOf } from './badge';
import { currentStep, sequenceUnderWay } from './current-step';
import { freezeOf } from './freeze';
import { toNext } from './next';
import { planReader } from './plan-reader';
import { toStalled, workerIdsOf } from './stalled';
import { readTrouble } from './trouble';

export type Headline = {
  glyph: FleetRowDto['status']['glyph'];
  headline: string;
  detail: string;
  fraction: number | null;
  /** As in the header of its page. */
  badge: Badge;
  /** What is wrong with its service; glyph and headline speak of the cutover alone. */
  trouble: Trouble | null;
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
  const all = await loadCutovers(ctx.db, ids);
  const alive = all.length ? await readWorkers(ctx.db) : [];
  const gone = await readGoneWorkers(ctx.db, [...new Set(all.flatMap(workerIdsOf))]);
  for (const rows of all) found.set(rows.cutover.id, await headlineOf(ctx, rows, toStalled({ rows, alive, gone })));
  return found;
}

async function headlineOf(
  { db, actor }: SessionContext,
  rows: CutoverRows,
  stalled: WizardDto['stalled'],
): Promise<Headline> {
  const { cutover } = rows;
  const steps = deriveSteps(rows);
  const current = currentStep(rows, steps);
  // Only the sentence of the press speaks of how long users were held before.
  const measured = current?.place.sequence
    ? await readLastFreeze(db, cutover.system, cutover.sourceId, cutover.id)
    : null;
  const freeze = freezeOf(rows, steps, measured);
  const toActs = (step: DerivedStep): ActDto[] =>
    orderActs(
      step,
      step.acts.map((act) => toActDto(act, { rows, actor, step, lasting: lastingOf(rows, step) })),
      lastingOf(rows, step) !== null,
    );
  const elsewhere = await readElsewhere(db, cutover.id, cutover.switchGroup);
  const trouble = await readTrouble(db, { rows, steps, elsewhere });
  const next = toNext({
    rows,
    steps,
    exits: steps[0] ? exitsOf(rows, steps, steps[0], actor) : [],
    freeze,
    actsOf: toActs,
    elsewhere,
    stalled,
    trouble,
    planOf: await planReader(db, rows, steps, current),
    asked: [...(await readPeopleNames(db, cutover.asked)).values()],
  });
  const glyph = glyphOf(rows, current);
  const left = leftWords(next.live?.progress ?? null);
  const percent = next.fraction === null ? '' : `, ${Math.floor(next.fraction * 100)} %`;
  return {
    glyph,
    badge: badgeOf(rows, steps, current, trouble),
    trouble,
    headline: `${phaseWords(rows, current)}${percent}`,
    detail: [
      trouble?.lead,
      sentenceText({ ...next, rest: [left && `${capital(left)}.`, next.rest].filter(Boolean).join(' ') }),
    ]
      .filter(Boolean)
      .join(' '),
    fraction: next.fraction,
    switching: sequenceUnderWay(steps) !== null,
    urgency: urgencyOf(rows, trouble?.glyph ?? glyph),
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

/** @param glyph of what is worst: its service's trouble before its own */
function urgencyOf({ cutover }: CutoverRows, glyph: Headline['glyph']): number {
  if (cutover.outsideActAt || glyph === 'failed' || glyph === 'unknown' || glyph === 'drift') return 0;
  return glyph === 'running' ? 3 : 2;
}
