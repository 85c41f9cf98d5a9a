import type { readReadings } from '@/db/queries/views/read-profile-states';
import { readingFreshMs } from '@/lib/shared/worker-times';
import type { ProfileDto } from '@/lib/views/dto';

type Reading = Awaited<ReturnType<typeof readReadings>>[number];
type Point = ProfileDto['chart']['points'][number];

/** A chart shows no more points than it has pixels for. */
const shown = 480;

/**
 * Readings as points, oldest first. A reading stands for what comes after it no longer than it is fresh: where the next is
 * later, or none came until now, a point without mode and latency ends it.
 */
export function chartPoints(readings: readonly Reading[], nowMs: number): Point[] {
  return thin(readings, nowMs).flatMap(({ reading, endsMs }) => {
    const { at, healthy, latencyMs, observed } = reading;
    const point = { at: at.toISOString(), latencyMs: healthy ? latencyMs : null, observed, read: true };
    if (endsMs === null) return [point];
    return [point, { at: new Date(endsMs).toISOString(), latencyMs: null, observed: null, read: false }];
  });
}

/** Every n-th reading, and every one where the mode or the health changed or silence begins or ends. */
function thin(readings: readonly Reading[], nowMs: number): { reading: Reading; endsMs: number | null }[] {
  const each = Math.ceil(readings.length / shown);
  const isSilentAfter = (at: number): boolean => {
    const reading = readings[at];
    return !!reading && (readings[at + 1]?.at.getTime() ?? nowMs) - reading.at.getTime() > readingFreshMs;
  };
  return readings.flatMap((reading, at) => {
    const before = readings[at - 1];
    const silent = isSilentAfter(at);
    const kept =
      at % each === 0 ||
      at === readings.length - 1 ||
      reading.observed !== before?.observed ||
      reading.healthy !== before?.healthy ||
      silent ||
      isSilentAfter(at - 1);
    return kept ? [{ reading, endsMs: silent ? reading.at.getTime() + readingFreshMs : null }] : [];
  });
}
