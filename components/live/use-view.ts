'use client';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { listenToTopic, onReopened } from './event-stream';
import { fetchView } from './fetch-view';
import { newerView, paramsText, viewKey } from './view-key';
import { readServerClock } from '@/components/ui/server-clock';
import { topicsOfView } from './topics';
import { useLiveStatus } from './use-live-status';
import { openViewReader, type ViewReader } from './view-reader';

export type ViewOptions = {
  /** Topics that make the answer old; by default those of the view's name. */
  topics?: string[];
  /** Number of the last event the first answer already holds. */
  cursor?: number;
  /** Reads again this often, in ms, whatever the stream says (decision card). */
  everyMs?: number;
  enabled?: boolean;
};
export type View<T> = {
  view: T;
  /** True while `view` still answers earlier params. */
  switching: boolean;
  error: Error | null;
  /** Reads again: the answer is made after this call. */
  refresh: () => void;
  /** Reads again unless a reading is under way. */
  look: () => void;
};

/**
 * One view, first as the server rendered it, then kept fresh: an event of its topics reads it again, and without a
 * stream it is read every 5 s. The browser only draws what the server derived.
 */
export function useView<T>(
  name: string,
  params: Record<string, string>,
  initial: T,
  options: ViewOptions = {},
): View<T> {
  const client = useQueryClient();
  const status = useLiveStatus();
  const paramText = paramsText(params);
  const key = useMemo(() => viewKey(name, paramText), [name, paramText]);
  // The server's answer belongs to the params it was made for, not to those chosen in the tab since.
  const [made, setMade] = useState({ initial, key });
  if (made.initial !== initial) setMade({ initial, key });
  const seed = made.initial === initial && made.key !== key ? undefined : initial;
  const topicText = (options.topics ?? topicsOfView(name, params)).join(',');
  // Fleet and inbox are numbered by the server's time, so an answer made at `now` holds everything up to it.
  const [madeAtMs] = useState(() => Date.parse((initial as { now?: string } | undefined)?.now ?? '') || 0);
  const cursor = options.cursor ?? (topicText === 'fleet' || topicText === 'inbox' ? madeAtMs : 0);
  const reader = useRef<ViewReader | null>(null);
  const refresh = useCallback(() => reader.current?.ask(), []);
  const look = useCallback(() => reader.current?.look(), []);
  const query = useQuery<T>({
    queryKey: key,
    queryFn: ({ signal }) => fetchView<T>(name, params, signal),
    ...(seed === undefined ? {} : { initialData: seed }),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    refetchInterval: options.everyMs ?? (status.kind === 'polling' || status.kind === 'lost' ? 5_000 : false),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    retry: false,
  });

  useEffect(() => {
    const now = (seed as { now?: string } | undefined)?.now;
    if (now) readServerClock(now);
    if (seed !== undefined) client.setQueryData<T>(key, (kept) => newerView(kept, seed));
  }, [client, seed, key]);

  useEffect(() => {
    const own = openViewReader({ client, key, isHidden: () => document.hidden });
    reader.current = own;
    const ends = topicText
      .split(',')
      .filter(Boolean)
      .map((topic) => listenToTopic(topic, own.ask, cursor));
    ends.push(onReopened(own.ask));
    return () => {
      own.end();
      for (const end of ends) end();
    };
  }, [client, key, topicText, cursor]);

  // However the failed reading came about.
  const failures = query.errorUpdateCount;
  useEffect(() => {
    if (failures > 0) reader.current?.failed();
  }, [failures]);

  return {
    view: newerView(query.data, seed) ?? initial,
    switching: query.isPlaceholderData,
    error: query.error,
    refresh,
    look,
  };
}
