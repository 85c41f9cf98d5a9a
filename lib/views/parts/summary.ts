import { lossCount } from '@/lib/cutover/loss';
import { formatCount, formatDuration } from '@/lib/shared/format';
import type { WizardDto } from '@/lib/views/dto';
import { countWords } from '@/lib/shared/words';
import type { OpenCutover } from './open-cutover';

/** A calm account of an ended walk: rows, freeze, planned against actual. */
export function toSummary({ rows, steps, people }: OpenCutover): WizardDto['summary'] {
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
  const loaded = rows.attempts.findLast(
    ({ stepId, progress }) =>
      progress?.unit === 'rows' && steps.find(({ id }) => id === stepId)?.place.step.kind === 'import',
  );
  const taken = rows.attempts.reduce((sum, { takeovers }) => sum + takeovers.length, 0);
  const facts = [
    ...(loaded?.progress ? [{ label: 'Rows', value: formatCount(loaded.progress.done) }] : []),
    ...(cutover.frozenMs !== null ? [{ label: 'Users held', value: formatDuration(cutover.frozenMs) }] : []),
    { label: 'Steps at work', value: `${formatDuration(workedMs)} of ${formatDuration(plannedMs)} planned` },
    ...(taken ? [{ label: 'Taken over', value: countWords(taken, 'attempt') }] : []),
    ...rows.overrides
      .filter(({ confirmedBy }) => confirmedBy)
      .map(({ by, reason }) => ({ label: 'Overridden', value: `${people.get(by) ?? ''}: ${reason}` })),
    ...(cutover.state === 'rolled_back' ? [{ label: 'Dropped rows', value: droppedWords(rows) }] : []),
  ];
  return { headline: headlineOf(rows), facts };
}

/** What the press was made on: the newest reading before it. One made from outside was not counted. */
function droppedWords(rows: OpenCutover['rows']): string {
  const first = rows.runbook.rollbacks.runtime.steps[0]?.id;
  const pressed = rows.attempts.findLast(
    ({ stepId, verb, pressId }) => stepId === first && verb === 'run' && pressId?.startsWith('rollback:'),
  );
  if (!pressed) return 'not counted';
  const read = rows.plans.findLast(({ stepId, madeAt }) => stepId === first && madeAt <= pressed.queuedAt);
  const count = lossCount(read?.loss);
  return count === null ? 'not counted' : `${formatCount(count)} found before the press`;
}

function headlineOf({ cutover, runbook }: OpenCutover['rows']): string {
  const frozen = cutover.frozenMs === null ? '' : `, users were held ${formatDuration(cutover.frozenMs)}`;
  switch (cutover.state) {
    case 'closed':
      return `${cutover.sourceId} moved to ${runbook.to}${frozen}.`;
    case 'rolled_back':
      return `${cutover.sourceId} is back on ${runbook.from}.`;
    default:
      return `Abandoned; ${cutover.sourceId} stays on ${runbook.from}.`;
  }
}
