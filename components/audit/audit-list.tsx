'use client';
import { ArrowUp } from 'lucide-react';
import Link from 'next/link';
import { Mono } from '@/components/ui/mono';
import { Panel } from '@/components/ui/panel';
import { Table, Tbody, Td, Th, Thead, Tr } from '@/components/ui/table';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { Time } from '@/components/ui/time';
import { WithCode } from '@/components/ui/with-code';
import { formatCount } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { AuditDto } from '@/lib/views/dto';
import { tellsOfFailure } from './audit-query';

type Entry = AuditDto['entries'][number];
const shortHash = (hash: string) => `${hash.slice(0, 6)}…`;
const Act = ({ entry }: { entry: Entry }) => (
  <Mono className={tellsOfFailure(entry.act, entry.what) ? 'text-red' : 'text-t1'}>{entry.act}</Mono>
);
// An item of a checklist quotes what was looked at between back ticks.
const WhatWords = ({ text }: { text: string }) =>
  text.includes('`') ? <WithCode text={text} /> : <TextWithTimes text={text} />;
const What = ({ entry }: { entry: Entry }) =>
  entry.cutoverId ? (
    <Link
      href={routes.cutover(entry.cutoverId)}
      prefetch={false}
      data-row=""
      className="break-words underline-offset-2 hover:text-t1 hover:underline"
    >
      <WhatWords text={entry.what} />
    </Link>
  ) : (
    <span className="break-words">
      <WhatWords text={entry.what} />
    </span>
  );

// Of another day than today's: the time alone would mislead.
const At = ({ entry, now, className }: { entry: Entry; now: string; className?: string }) => (
  <Time
    iso={entry.at}
    format={entry.at.slice(0, 10) === now.slice(0, 10) ? 'time' : 'datetime'}
    {...(className ? { className } : {})}
  />
);

const Profile = ({ entry }: { entry: Entry }) =>
  entry.system && entry.sourceId ? (
    <Link
      href={routes.profile(entry.system, entry.sourceId)}
      prefetch={false}
      title={`${entry.system}/${entry.sourceId}`}
      className="block max-w-44 truncate text-t1 underline-offset-2 hover:underline"
    >
      {entry.sourceId}
    </Link>
  ) : (
    <span className="text-t3">the console</span>
  );

const EntryRow = ({ entry, now }: { entry: Entry; now: string }) => (
  <Tr>
    <Td className="w-20">
      <Mono className="text-t2">{formatCount(entry.n)}</Mono>
    </Td>
    <Td className="w-28 whitespace-nowrap">
      <At entry={entry} now={now} />
    </Td>
    <Td className="w-40 whitespace-nowrap text-t1">
      <span title={entry.role}>{entry.who}</span>
    </Td>
    <Td className="w-44 whitespace-nowrap">
      <Act entry={entry} />
    </Td>
    <Td className="w-36 whitespace-nowrap">
      <Profile entry={entry} />
    </Td>
    <Td>
      <What entry={entry} />
    </Td>
    <Td className="w-24 whitespace-nowrap max-wide:hidden">
      <span title={entry.previous}>
        <Mono className="text-t3">{shortHash(entry.previous)}</Mono>
      </span>
    </Td>
    <Td className="w-8 px-0 text-t3 max-wide:hidden">
      <ArrowUp size={14} aria-hidden="true" />
    </Td>
    <Td className="w-28 whitespace-nowrap max-wide:hidden">
      <span title={entry.hash}>
        <Mono className="text-t1">{shortHash(entry.hash)}</Mono>
      </span>
    </Td>
  </Tr>
);

const EntryCard = ({ entry, now }: { entry: Entry; now: string }) => (
  <li className="border-t px-4 py-3 first:border-t-0">
    <p className="flex items-baseline justify-between gap-3">
      <span className="min-w-0 truncate">
        <Act entry={entry} />{' '}
        <span className="text-t3">
          {entry.sourceId && <span className="text-t1">{entry.sourceId}</span>} by {entry.who}
        </span>
      </span>
      <At entry={entry} now={now} className="shrink-0 text-12 text-t3" />
    </p>
    <p className="mt-1 text-t2">
      <What entry={entry} />
    </p>
    <p className="mt-1 text-12 text-t3">
      No. {formatCount(entry.n)} <Mono>{shortHash(entry.hash)}</Mono>
    </p>
  </li>
);

/** The chain, newest first: every entry's previous is the hash of the row below it. */
export const AuditList = ({ entries, now }: { entries: Entry[]; now: string }) => (
  <Panel className="overflow-hidden">
    <div className="max-md:hidden">
      <Table aria-label="Entries">
        <Thead>
          <tr className="border-b">
            <Th>No.</Th>
            <Th>Time</Th>
            <Th>Who</Th>
            <Th>Act</Th>
            <Th>Profile</Th>
            <Th>What</Th>
            <Th className="max-wide:hidden">Previous</Th>
            <Th className="px-0 max-wide:hidden">
              <span className="sr-only">is the hash of the entry before</span>
            </Th>
            <Th className="max-wide:hidden">Hash</Th>
          </tr>
        </Thead>
        <Tbody>
          {entries.map((entry) => (
            <EntryRow key={entry.n} entry={entry} now={now} />
          ))}
        </Tbody>
      </Table>
    </div>
    <ul className="md:hidden">
      {entries.map((entry) => (
        <EntryCard key={entry.n} entry={entry} now={now} />
      ))}
    </ul>
  </Panel>
);
