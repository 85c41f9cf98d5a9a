import { Mono } from '@/components/ui/mono';
import { Panel } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Table, Tbody, Td, Th, Thead, Tr } from '@/components/ui/table';
import type { ProfileDto } from '@/lib/views/dto';

type One = ProfileDto['configuration'][number];

const State = ({ one }: { one: One }) =>
  one.set ? <StatusWord status="passed">set</StatusWord> : <StatusWord status="unknown">missing</StatusWord>;

const Value = ({ one }: { one: One }) =>
  one.value === null ? (
    <span className="text-t3">never shown</span>
  ) : (
    <Mono className="break-all text-t1">{one.value}</Mono>
  );

const Wide = ({ configuration }: { configuration: One[] }) => (
  <div className="max-md:hidden">
    <Table>
      <Thead>
        <tr className="border-b">
          <Th>Name</Th>
          <Th>Where</Th>
          <Th>State</Th>
          <Th>Value</Th>
          <Th>A switch may write it</Th>
        </tr>
      </Thead>
      <Tbody>
        {configuration.map((one) => (
          <Tr key={`${one.where} ${one.name}`}>
            <Td first>
              <Mono>{one.name}</Mono>
            </Td>
            <Td>{one.where}</Td>
            <Td>
              <State one={one} />
            </Td>
            <Td>
              <Value one={one} />
            </Td>
            <Td>{one.mayWrite ? 'yes' : 'no'}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  </div>
);

const Narrow = ({ configuration }: { configuration: One[] }) => (
  <ul className="md:hidden">
    {configuration.map((one) => (
      <li key={`${one.where} ${one.name}`} className="border-b px-4 py-2.5 last:border-b-0">
        <p className="flex items-baseline justify-between gap-3">
          <Mono className="min-w-0 break-all text-t1">{one.name}</Mono>
          <span className="shrink-0">
            <State one={one} />
          </span>
        </p>
        <p className="mt-0.5 flex flex-wrap items-baseline gap-x-2 text-12 text-t3">
          <Value one={one} /> {one.where}
          {one.mayWrite && ', a switch may write it'}
        </p>
      </li>
    ))}
  </ul>
);

/** Names of the environment: set or missing; values of secrets are never shown. */
export const ConfigurationTab = ({ view: { configuration } }: { view: ProfileDto }) => (
  <Panel className="overflow-hidden">
    <Wide configuration={configuration} />
    <Narrow configuration={configuration} />
  </Panel>
);
