'use client';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { fetchView } from '@/components/live/fetch-view';
import type { LogPageDto } from '@/lib/views/dto';
import { stepMatch } from './log-words';

export type LogSearch = {
  query: string;
  setQuery: (query: string) => void;
  /** Numbers of the lines that hold the query, over the whole attempt; null while nothing is searched. */
  matches: number[] | null;
  current: number;
  move: (by: 1 | -1) => void;
  busy: boolean;
};

/**
 * Search by the server, over lines the tab has not loaded too.
 * @param lines how many lines there are: new lines search again
 */
export function useLogSearch(attemptId: string, lines: number): LogSearch {
  const [query, setQuery] = useState('');
  const [current, setCurrent] = useState(-1);
  const wanted = useDeferredValue(query.trim());
  const found = useQuery({
    queryKey: ['log-search', attemptId, wanted, Math.floor(lines / 200)],
    queryFn: ({ signal }) => fetchView<LogPageDto>('log', { attemptId, search: wanted, limit: '1' }, signal),
    enabled: wanted.length > 0,
    staleTime: 5_000,
    placeholderData: (before) => before,
  });
  const matches = wanted ? (found.data?.matches ?? null) : null;
  return {
    query,
    setQuery: (text) => {
      setQuery(text);
      setCurrent(-1);
    },
    matches,
    current: matches ? Math.min(current, matches.length - 1) : -1,
    move: (by) => setCurrent(stepMatch(matches?.length ?? 0, current, by)),
    busy: found.isFetching,
  };
}
