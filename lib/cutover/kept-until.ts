import type { Json } from '@/lib/shared/json';
import type { CutoverState } from '@/lib/shared/statuses';

const defaultDays = 30;
const dayMs = 86_400_000;
type Ended = { state: CutoverState; endedAt: Date | null; runbook: Json };
type Pinned = { phases?: { steps?: { kind?: string; params?: { keep_snapshot_days?: unknown } }[] }[] };

/** How long the runbook keeps snapshots after the end of a cutover, in days; 30 where it does not say. */
export function keepDays(runbook: Json): number {
  const steps = ((runbook as Pinned).phases ?? []).flatMap((phase) => phase.steps ?? []);
  const days = steps.find(({ kind }) => kind === 'close')?.params?.keep_snapshot_days;
  return typeof days === 'number' && days >= 1 ? days : defaultDays;
}

/** When the snapshots of an ended cutover may go; null while it has not ended: then none of them goes. */
export const keptUntil = ({ state, endedAt, runbook }: Ended): Date | null =>
  (state === 'closed' || state === 'abandoned') && endedAt
    ? new Date(endedAt.getTime() + keepDays(runbook) * dayMs)
    : null;
