'use client';
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { Fragment } from 'react';
import { Td, Th, Thead } from '@/components/ui/table';
import { WayBack } from '@/components/ui/way-back-light';
import type { FleetRowDto } from '@/lib/views/dto';
import { ActionCell, ProfileCell, SizeCell, StatusCell } from './fleet-cells';
import { bySystem } from './fleet-state';
import { ModePair, ModeSince } from './mode-pair';
import { Sparkline } from './sparkline';

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, FleetRowDto>();
const columns = helper.columns([
  helper.accessor('sourceId', {
    id: 'profile',
    header: 'Profile',
    cell: ({ row }) => <ProfileCell row={row.original} />,
  }),
  helper.accessor('mode', {
    header: 'Mode, declared to observed',
    cell: ({ row: { original } }) => (
      <>
        <span className="block">
          <ModePair mode={original.mode} />
        </span>
        <span className="block text-12 text-t3">
          <ModeSince mode={original.mode} />
        </span>
      </>
    ),
  }),
  helper.accessor('status', { header: 'Cutover', cell: ({ row }) => <StatusCell row={row.original} /> }),
  helper.accessor('health', {
    header: 'Health, 24 h',
    cell: ({ row: { original } }) => (
      <Sparkline
        values={original.health.spark}
        healthy={original.health.healthy}
        label={`Latency of ${original.sourceId}, ${original.health.healthy === null ? 'unknown' : original.health.healthy ? `healthy, ${original.health.latencyMs ?? '?'} ms now` : 'not healthy now'}`}
      />
    ),
  }),
  helper.accessor('wayBack', {
    header: 'Way back',
    cell: ({ row }) => (
      <WayBack light={row.original.wayBack.light} text={row.original.wayBack.text} className="text-12" />
    ),
  }),
  helper.accessor('rows', { id: 'size', header: 'Size, rows', cell: ({ row }) => <SizeCell row={row.original} /> }),
  helper.accessor('action', { header: '', cell: ({ row }) => <ActionCell row={row.original} /> }),
]);
const widths: Record<string, string> = {
  profile: 'w-[15%]',
  mode: 'w-[18%]',
  status: '',
  health: 'w-36',
  wayBack: 'w-[14%]',
  size: 'w-28',
  action: 'w-30',
};

export function FleetTable({ rows, grouped }: { rows: FleetRowDto[]; grouped: boolean }) {
  const table = useTable({ features, columns, data: rows });
  const drawn = new Map(table.getRowModel().rows.map((row) => [row.original, row]));
  const groups = grouped ? bySystem(rows) : [{ system: '', title: '', rows }];
  return (
    <table className="w-full table-fixed border-collapse text-left">
      <Thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id} className="border-b">
            {group.headers.map((header) => (
              <Th key={header.id} numeric={header.id === 'size'} className={widths[header.id]}>
                {header.id === 'action' ? <span className="sr-only">Open</span> : <table.FlexRender header={header} />}
              </Th>
            ))}
          </tr>
        ))}
      </Thead>
      <tbody>
        {groups.map((group) => (
          <Fragment key={group.system}>
            {grouped && (
              <tr className="border-b bg-s2/40">
                <th scope="colgroup" colSpan={columns.length} className="h-8 px-4 text-12 font-medium text-t2">
                  {group.title} <span className="font-normal text-t3">{group.rows.length}</span>
                </th>
              </tr>
            )}
            {group.rows.map((original) => {
              const row = drawn.get(original);
              return (
                row && (
                  <tr
                    key={`${original.system}/${original.sourceId}`}
                    className="relative h-13 border-b last:border-b-0 focus-within:bg-s2 hover:bg-s2"
                  >
                    {row.getAllCells().map((cell) => (
                      <Td
                        key={cell.id}
                        numeric={cell.column.id === 'size'}
                        className={cell.column.id === 'action' ? 'text-right' : 'py-1.5'}
                      >
                        <table.FlexRender cell={cell} />
                      </Td>
                    ))}
                  </tr>
                )
              );
            })}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
