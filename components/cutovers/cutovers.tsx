'use client';
import { FileInput, Plus } from 'lucide-react';
import { useView } from '@/components/live/use-view';
import { PageBody } from '@/components/shell/page-body';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { useHotkeys } from '@/components/ui/hotkeys';
import { PageHead } from '@/components/ui/page-head';
import { Panel, PanelHead } from '@/components/ui/panel';
import { Table, Tbody, Th, Thead } from '@/components/ui/table';
import { formatCount } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { CutoverRowDto, CutoversDto } from '@/lib/views/dto';
import { CutoverCard, CutoverRow } from './cutover-row';
import { focusRow } from './focus-row';

type ListProps = { title: string; rows: CutoverRowDto[]; past: boolean };
const List = ({ title, rows, past }: ListProps) => (
  <Panel className="overflow-hidden">
    <PanelHead title={title} aside={formatCount(rows.length)} />
    <div className="max-md:hidden">
      <Table aria-label={title}>
        <Thead>
          <tr className="border-b">
            <Th>Profile</Th>
            <Th>State</Th>
            <Th>{past ? 'What it came to' : 'Where it stands'}</Th>
            <Th>{past ? 'Ended' : 'T-0'}</Th>
            <Th className="max-wide:hidden">Planned by, runbook</Th>
            <Th numeric>Frozen</Th>
          </tr>
        </Thead>
        <Tbody>
          {rows.map((row) => (
            <CutoverRow key={row.id} row={row} past={past} />
          ))}
        </Tbody>
      </Table>
    </div>
    <ul className="md:hidden">
      {rows.map((row) => (
        <CutoverCard key={row.id} row={row} past={past} />
      ))}
    </ul>
  </Panel>
);

const sub = ({ open, past }: CutoversDto) =>
  `${open.length === 0 ? 'None open' : `${formatCount(open.length)} open`}${past.length === 0 ? '' : `, ${formatCount(past.length)} past`}.`;

/** Every cutover: what is under way first, then what came to an end. */
export function Cutovers({ initial }: { initial: CutoversDto }) {
  const { view } = useView<CutoversDto>('cutovers', {}, initial);
  useHotkeys({ j: () => focusRow(1), k: () => focusRow(-1) });
  const plan = view.canPlan ? (
    <>
      <ButtonLink href={routes.move()} icon={<FileInput size={16} />}>
        Move one file
      </ButtonLink>
      <ButtonLink href={routes.newCutover()} variant="primary" icon={<Plus size={16} />}>
        Plan a cutover
      </ButtonLink>
    </>
  ) : null;
  return (
    <PageBody>
      <PageHead title="Cutovers" sub={sub(view)} actions={plan} />
      {view.open.length > 0 ? (
        <List title="Open" rows={view.open} past={false} />
      ) : (
        <Panel>
          <EmptyState
            title="No cutover is open."
            detail="Every profile stays where it is until a person presses. Planning one touches nothing outside this console."
            action={
              view.canPlan ? undefined : (
                <ButtonLink href={routes.fleet()} size="sm">
                  See the fleet
                </ButtonLink>
              )
            }
          />
        </Panel>
      )}
      {view.past.length > 0 && <List title="Past" rows={view.past} past />}
    </PageBody>
  );
}
