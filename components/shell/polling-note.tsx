'use client';
import { useLiveStatus } from '@/components/live/use-live-status';
import { Tag } from '@/components/ui/tag';
import { Tooltip } from '@/components/ui/tooltip';

/** Only three visible tabs of a browser hold a stream; the others say that they look less often. */
export function PollingNote() {
  if (useLiveStatus().kind !== 'polling') return null;
  return (
    <Tooltip
      text="Three other tabs of this browser hold the live updates. Close one, or read on: this tab looks every 5 s."
      side="bottom"
    >
      <button type="button" className="rounded-chip">
        <Tag>every 5 s</Tag>
      </button>
    </Tooltip>
  );
}
