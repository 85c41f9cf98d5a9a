'use client';
import { ArrowRight } from 'lucide-react';
import { useServerNow } from '@/components/ui/clock';
import { Mono } from '@/components/ui/mono';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Age } from '@/components/ui/time';
import { formatAge } from '@/lib/shared/format';
import type { ModeDto } from '@/lib/views/dto';

/** "sqlite" where all surfaces are there, else "2 sqlite, 2 postgres". */
function splitModes({ surfaces }: ModeDto): string {
  const counts = new Map<string, number>();
  for (const { observed } of surfaces) counts.set(observed ?? 'unknown', (counts.get(observed ?? 'unknown') ?? 0) + 1);
  if (counts.size === 1) return surfaces[0]?.observed ?? 'unknown';
  return [...counts].map(([mode, count]) => `${count} ${mode}`).join(', ');
}

/** Of what the reading holds: "on 3 of 3" instances, or "all 4" surfaces. */
function agreedWords({ surfaces, instances }: ModeDto): string {
  if (surfaces.length) return `all ${surfaces.length} as declared`;
  return `as declared${instances > 1 ? ` on ${instances} of ${instances}` : ''}`;
}

/** "4 surfaces", "1 of 4 surfaces differs"; null where there is one backend. */
export function surfaceWords({ surfaces }: ModeDto): string | null {
  if (surfaces.length === 0) return null;
  const apart = surfaces.filter(({ declared, observed }) => observed === null || declared !== observed).length;
  return apart
    ? `${apart} of ${surfaces.length} surfaces differ${apart === 1 ? 's' : ''}`
    : `${surfaces.length} surfaces`;
}

/** "3 stay on file": on purpose, so beside the mode and never as a drift. */
export function stayWords({ stays }: ModeDto): string | null {
  const [first] = stays;
  if (!first) return null;
  const places = [...new Set(stays.map(({ is }) => is))];
  return `${stays.length} ${stays.length === 1 ? 'stays' : 'stay'} on ${places.join(' and ')}`;
}

/** One mode where declared and observed agree; two only where they differ, the observed one in its hue. */
export function ModePair({ mode }: { mode: ModeDto }) {
  if (mode.declared === null && mode.observed === null) return <span className="text-t3">not read yet</span>;
  if (mode.agrees) return <Mono className="text-t1">{mode.surfaces.length ? splitModes(mode) : mode.observed}</Mono>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Mono className="text-t2">{mode.declared ?? 'not declared'}</Mono>
      <ArrowRight size={12} aria-label="observed" className="text-t3" />
      {mode.observed === null ? (
        <span className="inline-flex items-center gap-1.5 text-t3">
          <StatusGlyph status="unknown" size={14} />
          unknown
        </span>
      ) : (
        <Mono className="text-amber">{mode.observed}</Mono>
      )}
    </span>
  );
}

/** How much the reading is worth: on how many instances, and how long ago. */
export function ModeSince({ mode }: { mode: ModeDto }) {
  const nowMs = useServerNow(1_000);
  if (!mode.readAt) return <>no reading</>;
  const age = <Age iso={mode.readAt} />;
  if (mode.agrees) {
    return (
      <>
        {agreedWords(mode)}, {age}
      </>
    );
  }
  const since = mode.driftSince ? ` for ${formatAge(nowMs - Date.parse(mode.driftSince)).replace(' ago', '')}` : '';
  return (
    <>
      {mode.observed === null ? 'not known' : 'differs'}
      {since}, read {age}
    </>
  );
}
