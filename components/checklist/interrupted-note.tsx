import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import { isLive } from '@/lib/shared/statuses';
import type { AttemptDto } from '@/lib/views/dto';

/** A worker died in the middle and another went on: when, who, how long it stood, and what its ledger says of rows written twice. */
export function InterruptedNote({ attempt }: { attempt: AttemptDto }) {
  const lost = attempt.takeovers.at(-1);
  if (!lost) return null;
  const resumedAt = lost.resumedAt ?? null;
  const waits = attempt.state === 'queued' || !resumedAt;
  const gapMs = resumedAt ? Date.parse(resumedAt) - Date.parse(lost.lostAt) : null;
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
            continued by {lost.by ?? attempt.worker ?? 'another worker'}
            {resumedAt ? (
              <>
                {' '}
                at <Time iso={resumedAt} />
              </>
            ) : null}
            .
            {attempt.resumed &&
              ` ${countWords(attempt.resumed.kept, 'row was', 'rows were')} committed before, ${countWords(attempt.resumed.repeated, 'row')} repeated.`}
          </>
        )}
      </p>
      {gapMs !== null && gapMs > 0 && (
        <span className="shrink-0 text-12 text-t3 tabular-nums">{formatDuration(gapMs)}</span>
      )}
    </Panel>
  );
}
