'use client';
import { TriangleAlert } from 'lucide-react';
import { useLiveStatus } from '@/components/live/use-live-status';
import { useServerNow } from '@/components/ui/clock';
import { Strip } from '@/components/ui/strip';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/shared/format';
import { allSilentMs } from '@/lib/shared/worker-times';
import type { ShellDto } from '@/lib/views/dto';

/** What is not as it should be for the whole console, and what goes on all the same. */
export function LiveStrips({ shell }: { shell: ShellDto }) {
  const status = useLiveStatus();
  const nowMs = useServerNow(1_000);
  const beatMs = shell.lastBeat === null ? null : Date.parse(shell.lastBeat);
  return (
    <>
      {status.kind === 'lost' && (
        <Strip tone="amber">
          Live updates lost at <Time iso={status.since} />. Work continues on the server. Reconnecting…{' '}
          <span className="text-t2">
            Values are as of <Time iso={status.since} />.
          </span>
        </Strip>
      )}
      {beatMs === null && (
        <Strip tone="amber" icon={<TriangleAlert size={16} />}>
          No worker answers. Nothing is lost; attempts wait in the queue until one starts.
        </Strip>
      )}
      {beatMs !== null && Date.parse(shell.now) - beatMs >= allSilentMs && (
        <Strip tone="amber" icon={<TriangleAlert size={16} />}>
          No worker has answered
          {/* Counts on in sight; a reader is told once. */}
          <span aria-hidden="true"> for {formatDuration(nowMs - beatMs)}</span>. Nothing is lost; attempts continue when
          one returns.
        </Strip>
      )}
    </>
  );
}
