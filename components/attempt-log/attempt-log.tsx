'use client';
import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { logItems } from '@/components/live/log-lines';
import { useLiveStatus } from '@/components/live/use-live-status';
import { useLog } from '@/components/live/use-log';
import { useServerNow } from '@/components/ui/clock';
import { formatCount } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import { isLive, type LogLevel, logLevels } from '@/lib/shared/statuses';
import type { AttemptDto } from '@/lib/views/dto';
import { LogList, useFollow } from './log-list';
import type { TimeMode } from './log-line';
import { LogToolbar } from './log-toolbar';
import { copyText, emptyText } from './log-words';
import { type LineRange, inRange, parseRange, rangeHash, selectLine } from './line-range';
import { useLogSearch } from './use-log-search';
import { useFindKey } from './use-find-key';

type Props = { attempts: AttemptDto[]; firstId: string | null };

/** The lines of one attempt, live while it runs. */
export function AttemptLog({ attempts, firstId }: Props) {
  const [chosenId, setChosenId] = useState<string | null>(null);
  const attempt = attempts.find((one) => one.id === (chosenId ?? firstId)) ?? attempts.at(-1);
  if (!attempt) return <p className="bg-bg px-6 py-8 text-t3">No attempt has been made.</p>;
  return <OneLog key={attempt.id} attempt={attempt} attempts={attempts} onAttempt={setChosenId} />;
}

function useLineLink(count: number): {
  range: LineRange | null;
  target: { line: number } | null;
  setTarget: (to: { line: number }) => void;
  onNumber: (line: number, event: MouseEvent) => void;
} {
  const [range, setRange] = useState<LineRange | null>(null);
  const [target, setTarget] = useState<{ line: number } | null>(null);
  const [linked, setLinked] = useState(false);
  useEffect(() => {
    if (linked || count === 0) return;
    setLinked(true);
    const found = parseRange(window.location.hash);
    if (!found) return;
    setRange(found);
    setTarget({ line: found.from });
  }, [linked, count]);
  const onNumber = (line: number, event: MouseEvent) => {
    event.preventDefault();
    const next = selectLine(range, line, event.shiftKey);
    setRange(next);
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, '', `${pathname}${search}${next ? rangeHash(next) : ''}`);
  };
  return { range, target, setTarget, onNumber };
}

function OneLog({
  attempt,
  attempts,
  onAttempt,
}: {
  attempt: AttemptDto;
  attempts: AttemptDto[];
  onAttempt: (id: string) => void;
}) {
  const live = isLive(attempt.state);
  const { log, version, loaded, error } = useLog(attempt.id, live);
  const nowMs = useServerNow(1_000);
  const status = useLiveStatus();
  const [hidden, setHidden] = useState<ReadonlySet<LogLevel>>(new Set());
  const [wrap, setWrap] = useState(false);
  const [mode, setMode] = useState<TimeMode>('clock');
  const [follow, onFollow] = useFollow(true);
  const searchBox = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const search = useLogSearch(attempt.id, log.rows.length);
  const link = useLineLink(log.rows.length);
  useFindKey(root, searchBox);

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are one mutable list; its version says when it changed
  const items = useMemo(() => {
    const levels = hidden.size ? new Set<string>(logLevels.filter((level) => !hidden.has(level))) : null;
    return logItems(log.rows, levels);
  }, [log, version, hidden]);
  const matchLine = search.matches && search.current >= 0 ? search.matches[search.current] : undefined;
  const found = useMemo(() => (matchLine === undefined ? null : { line: matchLine }), [matchLine]);
  const target = found ?? link.target;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new target pauses
  useEffect(() => {
    if (target) onFollow({ kind: 'paused', count: items.length });
  }, [target]);

  const last = Math.max(1, log.rows.at(-1)?.[0] ?? 1);
  const foot =
    log.rows.length === 0
      ? error
        ? error.message
        : emptyText(attempt, nowMs, loaded)
      : live && status.kind === 'lost'
        ? `Connection lost, showing up to line ${formatCount(last)}`
        : null;
  const copied = () =>
    items.flatMap((item) =>
      item.kind === 'line' && (!link.range || inRange(link.range, item.row[0])) ? [item.row] : [],
    );
  return (
    <div ref={root} className="flex min-h-0 flex-1 flex-col">
      <LogToolbar
        attempts={attempts}
        attempt={attempt}
        onAttempt={onAttempt}
        counts={log.counts}
        hidden={hidden}
        onLevel={(level) =>
          setHidden((before) =>
            before.has(level) ? new Set([...before].filter((one) => one !== level)) : new Set([...before, level]),
          )
        }
        search={search}
        searchBox={searchBox}
        following={follow.on}
        onFollow={() => onFollow(follow.on ? { kind: 'paused', count: items.length } : { kind: 'resumed' })}
        wrap={wrap}
        onWrap={() => setWrap(!wrap)}
        mode={mode}
        onMode={setMode}
        copy={() => copyText(copied())}
        rawHref={routes.rawLog(attempt.id)}
      />
      <LogList
        items={items}
        count={items.length}
        mode={mode}
        wrap={wrap}
        query={search.query.trim()}
        startedAt={attempt.startedAt}
        selected={link.range}
        onNumber={link.onNumber}
        target={target}
        marks={(search.matches ?? [])
          .slice(0, 500)
          .map((line, index) => ({ at: line / last, current: index === search.current }))}
        rawHref={routes.rawLog(attempt.id)}
        follow={follow}
        onFollow={onFollow}
        foot={
          <>
            {foot && (
              <p role="status" className="px-6 py-6 text-12 text-t3">
                {foot}
              </p>
            )}
            {log.rows.length > 0 && (
              <p className="px-4 py-3 text-12 text-t3 md:hidden">
                Tap a line for its time and stream.{' '}
                <a href={routes.rawLog(attempt.id)} className="text-blue underline underline-offset-2">
                  Open the raw log
                </a>
              </p>
            )}
          </>
        }
      />
    </div>
  );
}
