'use client';
import { useMemo } from 'react';
import { useLogs } from '@/components/live/use-logs';
import { isLive } from '@/lib/shared/statuses';
import type { AttemptDto } from '@/lib/views/dto';
import { LogList, useFollow } from './log-list';
import { sequenceRows } from './sequence-rows';

type Props = {
  /** Of one press, oldest first. */
  attempts: readonly AttemptDto[];
  titleOf: (attempt: AttemptDto) => string;
  rawHref: string;
};

/** The log of a whole sequence, with milliseconds; what is written now comes at its end. */
export function SequenceLog({ attempts, titleOf, rawHref }: Props) {
  const [follow, onFollow] = useFollow(true);
  const { rowsOf, version } = useLogs(attempts.map(({ id, state }) => ({ id, live: isLive(state) })));
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are mutable lists; the version says when one changed
  const items = useMemo(
    () =>
      sequenceRows(
        attempts.map((attempt) => ({
          title: titleOf(attempt),
          startedAt: attempt.startedAt,
          rows: rowsOf(attempt.id),
          takeovers: attempt.takeovers,
        })),
      ).map((row) => ({ kind: 'line' as const, row })),
    [attempts, version],
  );
  return (
    <LogList
      items={items}
      count={items.length}
      mode="precise"
      wrap={false}
      query=""
      startedAt={attempts[0]?.startedAt ?? null}
      selected={null}
      target={null}
      marks={[]}
      rawHref={rawHref}
      follow={follow}
      onFollow={onFollow}
      foot={items.length === 0 && <p className="px-6 py-6 text-12 text-t3">Waiting for a worker.</p>}
    />
  );
}
