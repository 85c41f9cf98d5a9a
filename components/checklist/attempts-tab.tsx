import { Badge } from '@/components/ui/badge';
import { Duration } from '@/components/ui/duration';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import { formatCount } from '@/lib/shared/format';
import { type AttemptState, type GlyphStatus, isLive } from '@/lib/shared/statuses';
import type { AttemptDto } from '@/lib/views/dto';

const glyph: Record<Exclude<AttemptState, 'done'>, GlyphStatus> = {
  queued: 'queued',
  running: 'running',
  checking: 'running',
  cancelling: 'running',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};
const verb: Record<AttemptDto['verb'], string> = { run: 'Attempt', plan: 'Plan', check: 'Check', undo: 'Undo' };

/** Done says that it came to its end; green is for what its check then found. */
function State({ state }: { state: AttemptState }) {
  if (state === 'done') return <span className="text-t2">done</span>;
  return isLive(state) ? (
    <Badge status={glyph[state]}>{state}</Badge>
  ) : (
    <StatusWord status={glyph[state]}>{state}</StatusWord>
  );
}

function Facts({ attempt }: { attempt: AttemptDto }) {
  const facts: [string, React.ReactNode][] = [
    ['Asked by', attempt.requestedBy ?? 'the step before'],
    ['Worker', attempt.worker ?? 'none yet'],
    ['Queued', <Time key="q" iso={attempt.queuedAt} />],
    ['Started', attempt.startedAt ? <Time key="s" iso={attempt.startedAt} /> : '–'],
    [
      'Took',
      attempt.startedAt ? (
        attempt.endedAt ? (
          <Duration key="d" ms={Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt)} />
        ) : (
          <Duration key="d" since={attempt.startedAt} />
        )
      ) : (
        '–'
      ),
    ],
    ['Log lines', formatCount(attempt.logLines)],
    ['Epoch', String(attempt.epoch)],
  ];
  return (
    <dl className="mt-2 grid grid-cols-4 gap-x-6 gap-y-2 text-12 max-md:grid-cols-2">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt className="text-t3">{label}</dt>
          <dd className="text-t1 tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Every attempt of the step, newest first, with who asked, who did it and how it ended. */
type Props = {
  attempts: AttemptDto[];
  /** The attempt whose error stands whole above. */
  told: string | null;
  onLog: (attemptId: string) => void;
};

export function AttemptsTab({ attempts, told, onLog }: Props) {
  if (attempts.length === 0) return <p className="px-6 py-8 text-13 text-t2">No attempt has been made.</p>;
  return (
    <ol>
      {attempts.toReversed().map((attempt) => (
        <li key={attempt.id} className="border-t border-line px-6 py-4 first:border-t-0 max-md:px-4">
          <div className="flex items-center gap-3">
            <h3 className="text-13 font-medium text-t1">
              {verb[attempt.verb]} {attempt.no}
            </h3>
            <State state={attempt.state} />
            <button
              type="button"
              onClick={() => onLog(attempt.id)}
              className="ml-auto text-12 text-blue underline-offset-2 hover:underline touch:h-11"
            >
              Open log
            </button>
          </div>
          <Facts attempt={attempt} />
          {attempt.takeovers.map((takeover) => (
            <p key={takeover.lostAt} className="mt-2 text-12 text-t2">
              <StatusWord status="interrupted">Interrupted</StatusWord> at <Time iso={takeover.lostAt} />,{' '}
              {takeover.worker ?? 'its worker'} did not answer any more.
            </p>
          ))}
          {attempt.error && attempt.id === told && <p className="mt-2 text-13 text-t2">What broke stands above.</p>}
          {attempt.error && attempt.id !== told && (
            <p className="mt-2 text-13 text-t2">
              <b className="font-medium text-t1">{attempt.error.message}</b> {attempt.error.advice}{' '}
              <code className="font-mono text-12 text-t3">{attempt.error.code}</code>
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
