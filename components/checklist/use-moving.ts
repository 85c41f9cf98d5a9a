import { leftOf } from '@/components/live/progress-series';
import { useProgress } from '@/components/live/use-progress';
import { useServerNow } from '@/components/ui/clock';
import { fractionOf } from '@/lib/shared/progress';
import type { WizardDto } from '@/lib/views/dto';

/** How far the running step is and what is left of it, by the readings that its bar is drawn from. */
export function useMoving({ live, fraction }: WizardDto['next']): { left: string | null; fraction: number | null } {
  const series = useProgress(live?.attemptId ?? null, live?.progress ?? null, live !== null);
  const nowMs = useServerNow(live ? 1_000 : 60_000);
  return {
    left: series && leftOf(series, nowMs),
    fraction: series ? fractionOf(series.best) : fraction,
  };
}
