import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import type { AdminDto } from '@/lib/views/dto';
import { checkCounts, sortChecks } from './check-order';

/** What this console stands on. What does not hold comes first, with the next move. */
export const SystemCheck = ({ checks }: { checks: AdminDto['checks'] }) => (
  <Panel>
    <PanelHead title="System check" aside={checkCounts(checks)} />
    <ul>
      {sortChecks(checks).map((check) => (
        <li
          key={check.name}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t px-4 py-2 first:border-t-0 md:grid-cols-[232px_minmax(0,1fr)_84px]"
        >
          <p className="font-medium break-words">{check.name}</p>
          <div className="min-w-0 text-t2 max-md:order-last max-md:col-span-2">
            <p className="break-words">{check.detail}</p>
            {check.advice && <p className="break-words text-t1">{check.advice}</p>}
          </div>
          <StatusWord status={check.status} className="self-start" />
        </li>
      ))}
    </ul>
  </Panel>
);
