import { EmptyState } from '@/components/ui/empty-state';
import { Mono } from '@/components/ui/mono';
import { Panel } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Table, Tbody, Td, Th, Thead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { ProfileDto } from '@/lib/views/dto';

type Props = { view: ProfileDto };

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
            <Th className="max-md:hidden">Since</Th>
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
              <Td className="text-t3 max-md:hidden">–</Td>
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
              <Td className="whitespace-nowrap max-md:hidden">
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
