import Link from 'next/link';
import { CutoverWords } from '@/components/cutovers/cutover-state';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Table, Tbody, Td, Th, Thead, Tr } from '@/components/ui/table';
import { Tag } from '@/components/ui/tag';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/shared/routes';
import type { ProfileDto } from '@/lib/views/dto';

type Cutover = ProfileDto['cutovers'][number];

const Wide = ({ cutovers }: { cutovers: Cutover[] }) => (
  <div className="max-md:hidden">
    <Table label="Cutovers">
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
        {cutovers.map((one) => (
          <Tr key={one.id}>
            <Td first>
              <Link data-row-link="" href={routes.cutover(one.id)} className="mr-2 underline-offset-4 hover:underline">
                {one.runbook}
              </Link>
              <Tag>{one.kind}</Tag>
            </Td>
            <Td>
              <CutoverWords badge={one.badge} />
              <span className="block text-12 text-t3">{one.headline}</span>
            </Td>
            <Td className="whitespace-nowrap">
              <Time iso={one.t0} format="datetime" />
            </Td>
            <Td>{one.openedBy}</Td>
            <Td numeric>{one.frozen ?? '–'}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  </div>
);

const Narrow = ({ cutovers }: { cutovers: Cutover[] }) => (
  <ul className="md:hidden">
    {cutovers.map((one) => (
      <li key={one.id} className="border-b last:border-b-0">
        <Link href={routes.cutover(one.id)} className="block px-4 py-3 -outline-offset-2!">
          <span className="flex flex-wrap items-baseline justify-between gap-x-3">
            <CutoverWords badge={one.badge} className="font-medium" />
            <span className="text-12 text-t3">
              <Time iso={one.t0} format="datetime" />
            </span>
          </span>
          <span className="mt-0.5 block break-words text-t2">{one.headline}</span>
          <span className="mt-0.5 block text-12 text-t3">
            {one.runbook}, {one.kind}, by {one.openedBy}
            {one.frozen !== null && `, frozen ${one.frozen}`}
          </span>
        </Link>
      </li>
    ))}
  </ul>
);

/** Every walk of this profile, newest first. */
export const ProfileCutoversTab = ({ view: { cutovers } }: { view: ProfileDto }) => (
  <Panel className="overflow-hidden">
    {cutovers.length === 0 ? (
      <EmptyState title="No cutover yet" detail="Every cutover and rehearsal of this profile is kept here." />
    ) : (
      <>
        <Wide cutovers={cutovers} />
        <Narrow cutovers={cutovers} />
      </>
    )}
  </Panel>
);
