import Link from 'next/link';
import { CopyButton } from '@/components/ui/copy-button';
import { EmptyState } from '@/components/ui/empty-state';
import { Digest, Mono } from '@/components/ui/mono';
import { Panel } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Table, Tbody, Td, Th, Thead, Tr } from '@/components/ui/table';
import { Tag } from '@/components/ui/tag';
import { Time } from '@/components/ui/time';
import { formatBytes, formatCount, formatDuration } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { ProfileDto } from '@/lib/views/dto';

type Props = { view: ProfileDto };
const kindWords = { source: 'Source file', target: 'Target dump', export: 'User data' } as const;

export const SnapshotsTab = ({ view }: Props) => (
  <Panel className="overflow-hidden">
    {view.snapshots.length === 0 ? (
      <EmptyState
        title="No snapshot yet"
        detail="The first steps of a cutover take them, open each copy and keep its digest."
      />
    ) : (
      <Table>
        <Thead>
          <tr className="border-b">
            <Th>What</Th>
            <Th>Taken</Th>
            <Th>Verified</Th>
            <Th numeric>Size</Th>
            <Th numeric>Rows</Th>
            <Th>SHA-256</Th>
            <Th>Where</Th>
            <Th>Kept until</Th>
            <Th>
              <span className="sr-only">Restore</span>
            </Th>
          </tr>
        </Thead>
        <Tbody>
          {view.snapshots.map((one) => (
            <Tr key={one.id}>
              <Td first className="whitespace-nowrap">
                {kindWords[one.kind]}
              </Td>
              <Td className="whitespace-nowrap">
                <Time iso={one.takenAt} format="datetime" />
              </Td>
              <Td className="whitespace-nowrap">
                {one.verifiedAt ? (
                  <StatusWord status="passed">
                    <Time iso={one.verifiedAt} format="datetime" />
                  </StatusWord>
                ) : (
                  <StatusWord status="unknown">not verified</StatusWord>
                )}
              </Td>
              <Td numeric>{formatBytes(one.bytes)}</Td>
              <Td numeric>{one.rows === null ? '–' : formatCount(one.rows)}</Td>
              <Td>
                <Digest value={one.digest} />
              </Td>
              <Td className="max-w-72">
                <span className="flex items-center gap-1">
                  <span className="truncate" title={one.path}>
                    <Mono>{one.path.split('/').at(-1)}</Mono>
                  </span>
                  <CopyButton text={one.path} label="Copy path" />
                </span>
              </Td>
              <Td className="whitespace-nowrap text-t2">
                {one.deletedAt ? (
                  <>
                    removed <Time iso={one.deletedAt} format="datetime" />
                  </>
                ) : one.keptUntil ? (
                  <Time iso={one.keptUntil} format="datetime" />
                ) : (
                  'the cutover ends'
                )}
              </Td>
              <Td className="text-right">
                <Link
                  href={routes.cutover(one.cutoverId)}
                  className="whitespace-nowrap text-t1 underline-offset-4 hover:underline"
                >
                  Open cutover
                </Link>
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    )}
  </Panel>
);

export const ProfileCutoversTab = ({ view }: Props) => (
  <Panel className="overflow-hidden">
    {view.cutovers.length === 0 ? (
      <EmptyState title="No cutover yet" detail="Every cutover and rehearsal of this profile is kept here." />
    ) : (
      <Table>
        <Thead>
          <tr className="border-b">
            <Th>Cutover</Th>
            <Th>State</Th>
            <Th>T-0</Th>
            <Th>By</Th>
            <Th numeric>Frozen</Th>
          </tr>
        </Thead>
        <Tbody>
          {view.cutovers.map((one) => (
            <Tr key={one.id}>
              <Td first>
                <Link
                  data-row-link=""
                  href={routes.cutover(one.id)}
                  className="mr-2 underline-offset-4 hover:underline"
                >
                  {one.runbook}
                </Link>
                <Tag>{one.kind}</Tag>
              </Td>
              <Td>
                <StatusWord status={one.badge.glyph}>{one.badge.text}</StatusWord>
                <span className="block text-12 text-t3">{one.headline}</span>
              </Td>
              <Td className="whitespace-nowrap">
                <Time iso={one.t0} format="datetime" />
              </Td>
              <Td>{one.openedBy}</Td>
              <Td numeric>{one.frozenMs === null ? '–' : formatDuration(one.frozenMs)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    )}
  </Panel>
);

/** The registry is one table for all: this profile's row stands first. */
const ownFirst = ({ registry, sourceId }: ProfileDto): ProfileDto['registry'] =>
  registry.toSorted((a, b) => Number(b.sourceId === sourceId) - Number(a.sourceId === sourceId));

export const RegistryTab = ({ view }: Props) => (
  <Panel className="overflow-hidden">
    {view.registry.length === 0 ? (
      <EmptyState title="No row in the registry" detail="Bootstrap maps this profile to its schema." />
    ) : (
      <Table>
        <Thead>
          <tr className="border-b">
            <Th>source_id</Th>
            <Th>Schema</Th>
            <Th>Since</Th>
            <Th>Mapping</Th>
          </tr>
        </Thead>
        <Tbody>
          {!view.registry.some(({ sourceId }) => sourceId === view.sourceId) && (
            <Tr>
              <Td first>
                <Mono>{view.sourceId}</Mono>
              </Td>
              <Td className="text-t3">–</Td>
              <Td className="text-t3">–</Td>
              <Td>
                <StatusWord status="locked">not mapped yet, bootstrap does it</StatusWord>
              </Td>
            </Tr>
          )}
          {ownFirst(view).map((one) => (
            <Tr key={one.sourceId} selected={one.sourceId === view.sourceId}>
              <Td first>
                <Mono>{one.sourceId}</Mono>
              </Td>
              <Td>
                <Mono>{one.schema}</Mono>
              </Td>
              <Td className="whitespace-nowrap">
                {one.createdAt ? <Time iso={one.createdAt} format="datetime" /> : '–'}
              </Td>
              <Td>
                {one.valid === null ? (
                  <StatusWord status="unknown">not checked</StatusWord>
                ) : one.valid ? (
                  <StatusWord status="passed">valid</StatusWord>
                ) : (
                  <StatusWord status="failed">{one.problem ?? 'not valid'}</StatusWord>
                )}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    )}
  </Panel>
);
