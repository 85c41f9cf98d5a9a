'use client';
import { EmptyState } from '@/components/ui/empty-state';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/shared/format';
import type { AdminDto } from '@/lib/views/dto';
import { standOf } from './worker-stand';

/** Who carries attempts out. */
export const Workers = ({ workers }: { workers: AdminDto['workers'] }) => (
  <Panel>
    <PanelHead title="Workers" aside={String(workers.length)} />
    {workers.length === 0 && (
      <EmptyState
        title="No worker has answered yet."
        detail="Nothing is lost: attempts wait and go on when one starts."
      />
    )}
    <ul>
      {workers.map((worker) => {
        const stand = standOf(worker);
        return (
          <li key={worker.id} className="flex items-start justify-between gap-4 border-t px-4 py-2.5 first:border-t-0">
            <div className="min-w-0">
              <p className="font-medium break-words">
                {worker.name} <span className="font-normal text-t3">on {worker.host}</span>
              </p>
              <p className="text-12 text-t3">
                pid <Mono>{worker.pid}</Mono>, since <Time iso={worker.startedAt} format="datetime" />
              </p>
            </div>
            <div className="shrink-0 text-right">
              <StatusWord status={stand.status}>{stand.word}</StatusWord>
              <p className="text-12 text-t3">last beat {formatDuration(worker.beatAgeMs)} ago</p>
            </div>
          </li>
        );
      })}
    </ul>
  </Panel>
);
