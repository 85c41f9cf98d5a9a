'use client';
import { FileInput, Plus } from 'lucide-react';
import { useView } from '@/components/live/use-view';
import { PageBody } from '@/components/shell/page-body';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorPanel } from '@/components/ui/error-panel';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';
import { countWords, plural } from '@/lib/shared/words';
import type { FleetDto } from '@/lib/views/dto';
import { FleetCards } from './fleet-cards';
import { FleetCounters } from './fleet-counters';
import { FleetEmpty } from './fleet-empty';
import { FleetFilters } from './fleet-filters';
import { filterWords, matches } from './fleet-state';
import { PlanWave, useWave, WaveProvider } from './fleet-selection';
import { FleetTable } from './fleet-table';
import { useFleetFilter } from './use-fleet-filter';

const headWords = ({ systems, rows, needPerson, cannotStart }: FleetDto): string =>
  `${countWords(systems.length, 'system')}, ${countWords(rows.length, 'profile')}. ${needPerson || 'None'} ${plural(needPerson || 1, 'needs', 'need')} a person${cannotStart ? `, ${cannotStart} cannot start` : ''}.`;

function Actions({ view, selection }: { view: FleetDto; selection: ReturnType<typeof useWave> }) {
  if (view.rows.length === 0) return null;
  return view.canPlan ? (
    <>
      <PlanWave selection={selection} />
      <ButtonLink href={routes.move()} icon={<FileInput size={15} />}>
        Move one file
      </ButtonLink>
      <ButtonLink href={routes.newCutover()} variant="primary" icon={<Plus size={15} />}>
        Plan a cutover
      </ButtonLink>
    </>
  ) : (
    <Button variant="primary" icon={<Plus size={15} />} disabledReason="Planning takes the role operator.">
      Plan a cutover
    </Button>
  );
}

export function Fleet({ initial }: { initial: FleetDto }) {
  const { view } = useView<FleetDto>('fleet', {}, initial);
  const [filter, change] = useFleetFilter();
  const selection = useWave(view.rows);
  const rows = view.rows.filter((row) => matches(row, filter));
  const grouped = filter.by === 'system';
  const title = view.systems.find(({ name }) => name === filter.system)?.title;
  const clear = () => change({ text: '', system: '', group: '' });
  return (
    <PageBody>
      <PageHead title="Fleet" sub={headWords(view)} actions={<Actions view={view} selection={selection} />} />
      {view.fileError && (
        <ErrorPanel error={view.fileError}>
          {view.rows.length > 0 &&
            'Below is the fleet as the file last read whole; until it does again, nothing is planned.'}
        </ErrorPanel>
      )}
      {view.rows.length === 0 ? (
        !view.fileError && <FleetEmpty />
      ) : (
        <>
          <FleetCounters counters={view.counters} filter={filter} />
          <FleetFilters systems={view.systems} filter={filter} onChange={change} />
          {rows.length === 0 ? (
            <Panel>
              <EmptyState
                title={`No profile matches ${filterWords(filter, title)}`}
                detail={`${countWords(view.rows.length, 'profile is', 'profiles are')} hidden.`}
                action={
                  <Button size="sm" onClick={clear}>
                    Clear filters
                  </Button>
                }
              />
            </Panel>
          ) : (
            <WaveProvider value={view.canPlan ? selection : null}>
              <Panel className="overflow-x-auto max-wide:[&>table]:min-w-[1100px] max-md:hidden">
                <FleetTable rows={rows} grouped={grouped} />
              </Panel>
              <div className="md:hidden">
                <FleetCards rows={rows} grouped={grouped} />
              </div>
            </WaveProvider>
          )}
        </>
      )}
    </PageBody>
  );
}
