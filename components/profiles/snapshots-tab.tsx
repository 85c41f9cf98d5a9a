import Link from 'next/link';
import { CopyButton } from '@/components/ui/copy-button';
import { EmptyState } from '@/components/ui/empty-state';
import { Digest, Mono } from '@/components/ui/mono';
import { Panel } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Table, Tbody, Td, Th, Thead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { formatBytes, formatCount } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { ProfileDto } from '@/lib/views/dto';

type Snapshot = ProfileDto['snapshots'][number];
const kindWords = { source: 'Source file', target: 'Target dump', export: 'User data' } as const;

/** An absence is kept too: there is nothing to weigh. */
const sizeWords = ({ bytes }: Snapshot): string => (Number(bytes) === 0 ? 'nothing there' : formatBytes(bytes));

const Verified = ({ one }: { one: Snapshot }) =>
  one.verifiedAt ? (
    <StatusWord status="passed">
      <Time iso={one.verifiedAt} format="datetime" />
    </StatusWord>
  ) : (
    <StatusWord status="unknown">not verified</StatusWord>
  );

function Kept({ one }: { one: Snapshot }) {
  if (one.deletedAt)
    return (
      <>
        removed <Time iso={one.deletedAt} format="datetime" />
      </>
    );
  return one.keptUntil ? <Time iso={one.keptUntil} format="datetime" /> : 'the cutover ends';
}

/** Which step of which cutover took it: several dumps of a target are otherwise all alike. */
const Of = ({ one }: { one: Snapshot }) =>
  one.step && one.cutoverAt ? (
    <span className="block max-w-44 text-12 font-normal whitespace-normal text-t3">
      {one.step}, cutover of <Time iso={one.cutoverAt} format="datetime" />
    </span>
  ) : null;

const FileName = ({ one }: { one: Snapshot }) => (
  <span className="flex items-center gap-1">
    <span className="truncate" title={one.path}>
      <Mono>{one.path.split('/').at(-1)}</Mono>
    </span>
    <CopyButton text={one.path} label="Copy path" />
  </span>
);

const OpenCutover = ({ one }: { one: Snapshot }) => (
  <Link
    href={routes.cutover(one.cutoverId)}
    className="inline-flex items-center whitespace-nowrap text-t1 underline-offset-4 hover:underline touch:min-h-11"
  >
    Open cutover
  </Link>
);

const Wide = ({ snapshots }: { snapshots: Snapshot[] }) => (
  <div className="max-md:hidden">
    <Table label="Snapshots">
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
            <span className="sr-only">Cutover</span>
          </Th>
        </tr>
      </Thead>
      <Tbody>
        {snapshots.map((one) => (
          <Tr key={one.id}>
            <Td first className="whitespace-nowrap">
              {kindWords[one.kind]}
              <Of one={one} />
            </Td>
            <Td className="whitespace-nowrap">
              <Time iso={one.takenAt} format="datetime" />
            </Td>
            <Td className="whitespace-nowrap">
              <Verified one={one} />
            </Td>
            <Td numeric>{sizeWords(one)}</Td>
            <Td numeric>{one.rows === null ? '–' : formatCount(one.rows)}</Td>
            <Td>
              <Digest value={one.digest} />
            </Td>
            <Td className="max-w-72">
              <FileName one={one} />
            </Td>
            <Td className="whitespace-nowrap text-t2">
              <Kept one={one} />
            </Td>
            <Td className="text-right">
              <OpenCutover one={one} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  </div>
);

const Narrow = ({ snapshots }: { snapshots: Snapshot[] }) => (
  <ul className="md:hidden">
    {snapshots.map((one) => (
      <li key={one.id} className="border-b px-4 py-3 last:border-b-0">
        <p className="flex items-baseline justify-between gap-3">
          <span className="font-medium text-t1">
            {kindWords[one.kind]}
            <Of one={one} />
          </span>
          <span className="text-t2 tabular-nums">
            {sizeWords(one)}
            {one.rows !== null && `, ${formatCount(one.rows)} rows`}
          </span>
        </p>
        <p className="mt-1 flex flex-wrap gap-x-2">
          <Verified one={one} /> <Digest value={one.digest} />
        </p>
        <FileName one={one} />
        <p className="flex flex-wrap items-center justify-between gap-x-3 text-12 text-t3">
          <span>
            kept until <Kept one={one} />
          </span>
          <OpenCutover one={one} />
        </p>
      </li>
    ))}
  </ul>
);

/** Copies that were verified, with their digests. */
export const SnapshotsTab = ({ view: { snapshots } }: { view: ProfileDto }) => (
  <Panel className="overflow-hidden">
    {snapshots.length === 0 ? (
      <EmptyState
        title="No snapshot yet"
        detail="The first steps of a cutover take them, open each copy and keep its digest."
      />
    ) : (
      <>
        <Wide snapshots={snapshots} />
        <Narrow snapshots={snapshots} />
      </>
    )}
  </Panel>
);
