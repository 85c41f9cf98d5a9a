import type { GlyphStatus } from '@/lib/shared/statuses';
import type { AdminDto } from '@/lib/views/dto';

/** Beats come every few seconds; after this long a worker counts as silent, as in the system check. */
const silentMs = 10_000;

/** How a worker stands: nobody knows what a silent one does. */
export function standOf({ beatAgeMs, attempts }: Pick<AdminDto['workers'][number], 'beatAgeMs' | 'attempts'>): {
  status: GlyphStatus;
  word: string;
} {
  if (beatAgeMs >= silentMs) return { status: 'unknown', word: 'silent' };
  if (attempts > 0) return { status: 'running', word: `${attempts} under way` };
  return { status: 'passed', word: 'ready' };
}
