'use client';
import { ArrowRight } from 'lucide-react';
import { useServerNow } from '@/components/ui/clock';
import { Mono } from '@/components/ui/mono';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Age } from '@/components/ui/time';
import { formatAge } from '@/lib/shared/format';
import type { ModeDto } from '@/lib/views/dto';

/** One mode where declared and observed agree; two only where they differ, the observed one in its hue. */
export function ModePair({ mode }: { mode: ModeDto }) {
  if (mode.declared === null && mode.observed === null) return <span className="text-t3">not read yet</span>;
  if (mode.agrees) return <Mono className="text-t1">{mode.observed}</Mono>;
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
        as declared{mode.instances > 1 && ` on ${mode.instances} of ${mode.instances}`}, {age}
      </>
    );
  }
  const since = mode.driftSince ? ` for ${formatAge(nowMs - Date.parse(mode.driftSince)).replace(' ago', '')}` : '';
  return (
    <>
      {mode.observed === null ? 'no answer' : 'differs'}
      {since}, read {age}
    </>
  );
}
