import type { GlyphStatus } from '@/lib/shared/statuses';
import { workerDeadMs } from '@/lib/shared/worker-times';
import type { AdminDto } from '@/lib/views/dto';

/** How a worker stands: nobody knows what a silent one does. */
export function standOf({ beatAgeMs, attempts }: Pick<AdminDto['workers'][number], 'beatAgeMs' | 'attempts'>): {
  status: GlyphStatus;
  word: string;
} {
  if (beatAgeMs >= workerDeadMs) return { status: 'unknown', word: 'silent' };
  if (attempts > 0) return { status: 'running', word: `${attempts} under way` };
  return { status: 'passed', word: 'ready' };
}
