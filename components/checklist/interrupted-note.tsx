import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/shared/format';
import { isLive } from '@/lib/shared/statuses';
import type { AttemptDto } from '@/lib/views/dto';

/** A worker died in the middle and another went on: when, who, how long it stood, and that no row was written twice. */
export function InterruptedNote({ attempt }: { attempt: AttemptDto }) {
  const lost = attempt.takeovers.at(-1);
  if (!lost) return null;
  const waits = attempt.state === 'queued' || !attempt.startedAt;
  const gapMs = waits || !attempt.startedAt ? null : Date.parse(attempt.startedAt) - Date.parse(lost.lostAt);
  return (
    <Panel className="mt-4 flex items-center gap-3 px-4 py-3">
      <StatusGlyph status="interrupted" />
      <p className="min-w-0 flex-1 text-13 text-t2">
        <b className="font-medium text-t1">
          Interrupted at <Time iso={lost.lostAt} />,
        </b>{' '}
        {waits && isLive(attempt.state) ? (
          'waits for a worker that goes on.'
        ) : (
          <>
            continued by {attempt.worker ?? 'another worker'}
            {attempt.startedAt && gapMs !== null && gapMs > 0 ? (
              <>
                {' '}
                at <Time iso={attempt.startedAt} />
              </>
            ) : null}
            . 0 rows repeated.
          </>
        )}
      </p>
      {gapMs !== null && gapMs > 0 && (
        <span className="shrink-0 text-12 text-t3 tabular-nums">{formatDuration(gapMs)}</span>
      )}
    </Panel>
  );
}
