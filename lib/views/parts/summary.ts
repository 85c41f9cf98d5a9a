import { ofAbandon } from '@/lib/cutover/as-reached';
import { formatDuration } from '@/lib/shared/format';
import type { WizardDto } from '@/lib/views/dto';
import { countWords } from '@/lib/shared/words';
import { inPlaceName, pressWords } from '@/lib/views/words/in-place';
import { overridesEver } from '@/lib/views/words/overrides';
import type { OpenCutover } from './open-cutover';
import { rolledBackLines, rowsLoaded } from './rolled-back';
import { lossFigure } from './rollback-loss';

/** A calm account of an ended walk: rows, freeze, planned against actual. */
export function toSummary(open: OpenCutover): WizardDto['summary'] {
  const { rows, steps, people } = open;
  const { cutover } = rows;
  if (cutover.state !== 'closed' && cutover.state !== 'rolled_back' && cutover.state !== 'abandoned') return null;
  const worked = rows.attempts.filter(({ verb, startedAt }) => verb !== 'plan' && startedAt);
  const workedMs = worked.reduce(
    (sum, { startedAt, endedAt }) => sum + ((endedAt ?? rows.now).getTime() - (startedAt ?? rows.now).getTime()),
    0,
  );
  const plannedMs =
    steps
      .filter(({ place }) => place.group === 'main')
      .reduce((sum, { place }) => sum + place.step.planned_seconds, 0) * 1000;
  const loaded = rowsLoaded(rows, steps);
  const taken = rows.attempts.reduce((sum, { takeovers }) => sum + takeovers.length, 0);
  const wentBack = cutover.state === 'rolled_back' || (cutover.state === 'abandoned' && cutover.rolledBackAt !== null);
  const lost = wentBack ? lossFigure(rows) : null;
  const facts = [
    ...(lost ? [{ label: 'Rows lost by the rollback', ...lost }] : []),
    ...(loaded ? [{ label: areDropped(open) ? 'Rows loaded, then dropped' : 'Rows loaded', value: loaded }] : []),
    ...(cutover.frozenMs !== null
      ? [{ label: `Users held at the ${pressWords(rows.runbook).noun}`, value: formatDuration(cutover.frozenMs) }]
      : []),
    { label: `Steps at work, planned ${formatDuration(plannedMs)}`, value: formatDuration(workedMs) },
    ...(taken ? [{ label: 'Taken over', value: countWords(taken, 'attempt') }] : []),
  ];
  return {
    headline: headlineOf(rows),
    facts,
    lines: wentBack ? rolledBackLines(open) : [],
    overrides: overridesEver(rows, steps, people),
  };
}

/** An abandon takes the import back, and its rows go. After a rollback the lines below say what stands where. */
const areDropped = ({ rows, steps }: OpenCutover): boolean =>
  rows.cutover.rolledBackAt === null &&
  rows.attempts.some(
    (one) =>
      ofAbandon(one) && one.state === 'done' && steps.find(({ id }) => id === one.stepId)?.place.step.kind === 'import',
  );

function headlineOf({ cutover, runbook }: OpenCutover['rows']): string {
  const frozen = cutover.frozenMs === null ? '' : `, users were held ${formatDuration(cutover.frozenMs)}`;
  switch (cutover.state) {
    case 'closed':
      return inPlaceName(runbook)
        ? `${cutover.sourceId} was ${pressWords(runbook).done}${frozen}.`
        : `${cutover.sourceId} moved to ${runbook.to}${frozen}.`;
    case 'rolled_back':
      return `${cutover.sourceId} is back on ${runbook.from}.`;
    default:
      return cutover.rolledBackAt
        ? `Abandoned after a rollback; ${cutover.sourceId} is on ${inPlaceName(runbook) ? 'the schema from before' : runbook.from} again.`
        : `Abandoned; ${cutover.sourceId} stays on ${runbook.from}.`;
  }
}
