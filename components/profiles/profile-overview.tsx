'use client';
import { useState } from 'react';
import { EmptyState } from '@/components/ui/empty-state';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelHead, Row } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { type Glyph, StatusGlyph } from '@/components/ui/status-glyph';
import { StatusWord } from '@/components/ui/status-word';
import { Table, Tbody, Td, Th, Thead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { formatBytes, formatCount } from '@/lib/shared/format';
import type { ProfileDto } from '@/lib/views/dto';
import { chartModel, type Range, ranges } from './chart-model';
import { ModeChart } from './mode-chart';
import { Surfaces } from './surfaces';

function Chart({ view }: { view: ProfileDto }) {
  const [range, setRange] = useState<Range>('1h');
  const model = chartModel(view.chart, view.now, range);
  return (
    <Panel className="p-4">
      <div className="mb-2 flex items-center justify-between gap-4">
        <h2 className="font-medium text-t2">Mode and latency</h2>
        <Segmented
          label="Time shown"
          value={range}
          onChange={(next) => setRange(next as Range)}
          options={Object.entries(ranges).map(([value, label]) => ({ value, label }))}
        />
      </div>
      {model.points.length === 0 ? (
        <EmptyState title="No reading in this time" detail="The worker reads each service every few seconds." />
      ) : (
        <ModeChart model={model} target={view.targetMode} />
      )}
    </Panel>
  );
}

const glyphOf = (equal: boolean): Glyph => (equal ? 'passed' : 'drift');

const Difference = ({ count }: { count: ProfileDto['counts'][number] }) =>
  count.equal === null ? (
    <span className="text-t3">{count.difference}</span>
  ) : (
    <StatusWord status={glyphOf(count.equal)}>{count.difference}</StatusWord>
  );

/** Who was read at the newest look. */
const readWords = ({ unread, targetUnread }: ProfileDto): string => {
  if (unread) return targetUnread ? 'neither side read' : 'target read, source not,';
  return targetUnread ? 'source read, target not reached,' : 'both read';
};

/** Figures from before the last press are no verdict on now. */
const CountedBefore = ({ before: { what, at } }: { before: NonNullable<ProfileDto['countedBefore']> }) => (
  <span className="text-amber">
    , before {what}
    {at && (
      <>
        {' '}
        of <Time iso={at} />
      </>
    )}
  </span>
);

/** A side that was not read says so: a dash would mean that the table is not there. */
const Rows = ({ rows, unread }: { rows: string | null; unread: boolean }) => {
  if (unread) return <span className="text-t3">not read</span>;
  return <>{rows === null ? '–' : formatCount(rows)}</>;
};

const Counts = ({ view }: { view: ProfileDto }) => (
  <Panel className="min-w-0 self-start overflow-hidden">
    <PanelHead
      title="Counts, side by side"
      aside={
        view.countedAt && (
          <>
            {readWords(view)} <Time iso={view.countedAt} />
            {view.countedBefore && <CountedBefore before={view.countedBefore} />}
          </>
        )
      }
    />
    {view.counts.length === 0 ? (
      <EmptyState title="Not counted yet" detail="Counts are read with each baseline, import and row diff." />
    ) : (
      <Table>
        <Thead>
          <tr className="border-b">
            <Th>Table</Th>
            <Th numeric>Source</Th>
            <Th numeric>Target</Th>
            <Th className="max-md:hidden">Difference</Th>
          </tr>
        </Thead>
        <Tbody>
          {view.counts.map((count) => (
            <Tr key={count.table}>
              <Td first>
                <Mono className="max-md:break-all">{count.table}</Mono>
                <span className="mt-0.5 block text-12 font-normal md:hidden">
                  <Difference count={count} />
                </span>
              </Td>
              <Td numeric>
                <Rows rows={count.source} unread={view.unread !== null} />
              </Td>
              <Td numeric className="text-t1">
                <Rows rows={count.target} unread={view.targetUnread !== null} />
              </Td>
              <Td className="whitespace-nowrap max-md:hidden">
                <Difference count={count} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    )}
  </Panel>
);

const Instances = ({ view }: { view: ProfileDto }) => (
  <Panel>
    <PanelHead
      title="Instances"
      aside={`${view.instances.filter(({ answered }) => answered).length} of ${view.instances.length} answer`}
    />
    <ul>
      {view.instances.map((one) => (
        <li key={one.url} className="border-b px-4 py-2 last:border-b-0">
          <span className="flex items-center gap-3">
            <StatusGlyph status={one.error === null ? 'passed' : 'unknown'} size={14} />
            <Mono className="min-w-0 truncate text-t1">{one.url.replace(/^https?:\/\//, '')}</Mono>
            <Mono className="min-w-0 truncate text-t2">
              {one.observed ?? (one.answered ? 'mode unknown' : 'no answer')}
            </Mono>
            <span className="ml-auto shrink-0 text-12 text-t3">
              {one.latencyMs === null ? '' : `${one.latencyMs} ms`}
            </span>
          </span>
          {one.error && <span className="mt-0.5 block pl-6.5 text-12 text-t2">{one.error}</span>}
        </li>
      ))}
      {view.instances.length === 0 && <li className="px-4 py-3 text-t2">No instance was read yet.</li>}
    </ul>
    {view.openCutover && (
      <div className="border-t px-4 py-3">
        <h3 className="mb-1 font-medium text-t2">Next</h3>
        <p className="text-t2">{view.openCutover.headline}</p>
      </div>
    )}
    <div className="flex flex-col gap-1 border-t px-4 py-3">
      <Row label="Source">{view.sourceBytes === null ? 'not read' : formatBytes(view.sourceBytes)}</Row>
      <Row label={ownSchema(view)}>
        <TargetSize view={view} />
      </Row>
      {view.neighbours.map((one) => (
        <Row key={one.sourceId} label={one.sourceId}>
          {one.shares}
        </Row>
      ))}
    </div>
  </Panel>
);

/** A size, nothing there, or not known. */
function TargetSize({ view: { targetUnread, targetBytes, countedAt } }: { view: ProfileDto }) {
  if (targetUnread)
    return (
      <>
        not reached since <Time iso={targetUnread.since} />
      </>
    );
  if (targetBytes !== null) return <>{formatBytes(targetBytes)}</>;
  return <>{countedAt === null ? 'not read' : 'nothing there'}</>;
}

/** The registry lists every profile's mapping; only this one's schema belongs here. */
const ownSchema = (view: ProfileDto): string => {
  const own = view.registry.find(({ sourceId }) => sourceId === view.sourceId);
  return own ? `Schema ${own.schema}` : 'Target';
};

export const ProfileOverview = ({ view }: { view: ProfileDto }) => (
  <>
    <Chart view={view} />
    <div className="grid grid-cols-[minmax(0,1fr)_400px] gap-4 max-wide:grid-cols-1">
      <Counts view={view} />
      <div className="flex min-w-0 flex-col gap-4">
        <Surfaces mode={view.mode} />
        <Instances view={view} />
      </div>
    </div>
  </>
);
