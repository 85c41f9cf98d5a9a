'use client';
import { useServerNow } from '@/components/ui/clock';
import { ProgressBar } from '@/components/ui/progress-bar';
import { formatDuration } from '@/lib/shared/format';
import type { WizardDto } from '@/lib/views/dto';

/** Predicted or measured freeze in words; while users are held, seconds against the limit. */
export function FreezeMeter({ freeze }: { freeze: WizardDto['freeze'] }) {
  const nowMs = useServerNow(freeze.runningSince ? 100 : 60_000);
  if (!freeze.runningSince) {
    const cut = freeze.text.lastIndexOf(' of ');
    return (
      <p className="mt-0.5 text-12 text-t1">
        {cut > 0 ? freeze.text.slice(0, cut) : freeze.text}
        {cut > 0 && <span className="text-t3">{freeze.text.slice(cut)}</span>}
      </p>
    );
  }
  const ms = Math.max(0, nowMs - Date.parse(freeze.runningSince));
  return (
    <p className="mt-0.5 flex items-center gap-2 text-12 font-medium text-amber tabular-nums">
      {formatDuration(ms)}
      <span className="block w-20">
        <ProgressBar
          fraction={Math.min(1, ms / freeze.limitMs)}
          size="thin"
          tone="late"
          label="Freeze used of its limit"
        />
      </span>
      <span className="font-normal text-t3">{formatDuration(freeze.limitMs)}</span>
    </p>
  );
}
