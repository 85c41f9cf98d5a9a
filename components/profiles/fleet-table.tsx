'use client';
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { Fragment, type ReactNode } from 'react';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Td, Th, Thead } from '@/components/ui/table';
import { WayBack } from '@/components/ui/way-back-light';
import type { FleetRowDto } from '@/lib/views/dto';
import { ActionCell, ProfileCell, SizeCell, StatusCell } from './fleet-cells';
import { countWords } from '@/lib/shared/words';
import { SelectRow, SelectRows, useSelection } from './fleet-selection';
import { bySystem, glanceOf } from './fleet-state';
import { ModePair, ModeSince } from './mode-pair';
import { Sparkline } from './sparkline';

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, FleetRowDto>();
const select = helper.columns([
  helper.accessor('system', { id: 'select', header: '', cell: ({ row }) => <SelectRow row={row.original} /> }),
]);
const columnsOf = (grouped: boolean) =>
  helper.columns([
    helper.accessor('sourceId', {
      id: 'profile',
      header: 'Profile',
      cell: ({ row }) => <ProfileCell row={row.original} grouped={grouped} />,
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
const columnSets = {
  list: { choosing: [...select, ...columnsOf(false)], reading: columnsOf(false) },
  grouped: { choosing: [...select, ...columnsOf(true)], reading: columnsOf(true) },
};
const widths: Record<string, string> = {
  select: 'w-12',
  profile: 'w-[18%]',
  mode: 'w-[16%]',
  status: '',
  health: 'w-36',
  wayBack: 'w-[13%]',
  size: 'w-26',
  action: 'w-30',
};

const cellLook: Record<string, string> = { action: 'text-right', select: 'pr-0' };

function HeadCell({ id, rows, children }: { id: string; rows: FleetRowDto[]; children: ReactNode }) {
  if (id === 'action') return <span className="sr-only">Open</span>;
  if (id === 'select') return <SelectRows rows={rows} label="Choose all that may start" />;
  return children;
}

const glanceGlyph = {
  source: 'info',
  in_cutover: 'running',
  on_target: 'passed',
  drift: 'drift',
  unknown: 'unknown',
} as const;

/** A system and how its profiles stand, so that a quiet one needs no reading. */
const SystemHead = ({ group, columns }: { group: ReturnType<typeof bySystem>[number]; columns: number }) => (
  <tr className="border-b bg-s2/60">
    <th scope="colgroup" colSpan={columns} className="h-9 px-4 font-normal">
      <span className="flex items-center gap-4">
        <span className="w-8 empty:hidden">
          <SelectRows rows={group.rows} label={`Choose all of ${group.title} that may start`} />
        </span>
        <span className="text-13 font-medium text-t1">{group.title}</span>
        <span className="text-12 text-t3">{countWords(group.rows.length, 'profile')}</span>
        <span className="ml-auto flex items-center gap-4 text-12 text-t2">
          {glanceOf(group.rows).map(({ group: name, text }) => (
            <span key={name} className="flex items-center gap-1.5">
              <StatusGlyph status={glanceGlyph[name]} size={14} />
              {text}
            </span>
          ))}
        </span>
      </span>
    </th>
  </tr>
);

export function FleetTable({ rows, grouped }: { rows: FleetRowDto[]; grouped: boolean }) {
  const selection = useSelection();
  const columns = columnSets[grouped ? 'grouped' : 'list'][selection ? 'choosing' : 'reading'];
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
                <HeadCell id={header.id} rows={rows}>
                  <table.FlexRender header={header} />
                </HeadCell>
              </Th>
            ))}
          </tr>
        ))}
      </Thead>
      <tbody>
        {groups.map((group) => (
          <Fragment key={group.system}>
            {grouped && <SystemHead group={group} columns={columns.length} />}
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
                        className={cellLook[cell.column.id] ?? 'py-1.5'}
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
