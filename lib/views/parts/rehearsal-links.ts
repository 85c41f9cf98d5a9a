import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { runbooksOf } from '@/lib/fleet/schema';
import { routes } from '@/lib/shared/routes';
import type { StepDetailDto } from '@/lib/views/dto';

const mostLinks = 3;

/** Where the rehearsal that a step misses is planned: on the other profiles of the system, since this cutover keeps its own. */
export function rehearsalLinks({ entry }: CutoverRows, { place, status }: DerivedStep): StepDetailDto['links'] {
  const { runbook } = place.step.params;
  if (place.step.kind !== 'require-record' || typeof runbook !== 'string') return [];
  if (status !== 'failed' && status !== 'unknown' && status !== 'stale') return [];
  const { name, profiles } = entry.system;
  const others = profiles.filter(
    (one) => one.source_id !== entry.profile.source_id && runbooksOf(one).includes(runbook),
  );
  if (others.length === 0) return [{ label: `Read runbook ${runbook}`, href: routes.runbook(runbook) }];
  return others.slice(0, mostLinks).map(({ source_id: id }) => ({
    label: `Plan ${runbook} on ${id}`,
    href: routes.newCutover(name, id, runbook),
  }));
}
