'use client';
import { formatDuration } from '@/lib/shared/format';
import { useServerNow } from './clock';

function Since({ since }: { since: string }) {
  const nowMs = useServerNow(1_000);
  return <span className="tabular-nums">{formatDuration(nowMs - Date.parse(since))}</span>;
}
/** Either a length in ms, or one that still grows. */
export const Duration = (props: { ms: number } | { since: string }) =>
  'ms' in props ? <span className="tabular-nums">{formatDuration(props.ms)}</span> : <Since since={props.since} />;
