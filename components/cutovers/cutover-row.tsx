'use client';
import Link from 'next/link';
import { Td, Tr } from '@/components/ui/table';
import { Tag } from '@/components/ui/tag';
import { TClock, Time } from '@/components/ui/time';
import { routes } from '@/lib/shared/routes';
import type { CutoverRowDto } from '@/lib/views/dto';
import { CutoverWords } from './cutover-state';
import { splitHeadline } from './state-words';

type Props = { row: CutoverRowDto; past: boolean };
const rowLink =
  'after:absolute after:inset-0 focus-visible:-outline-offset-2 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-blue focus-visible:outline-none';

const Name = ({ row, className }: { row: CutoverRowDto; className?: string }) => (
  <>
    <span className="flex items-center gap-2">
      <Link
        href={routes.cutover(row.id)}
        data-row=""
        className={`font-medium break-all text-t1 ${rowLink} ${className ?? ''}`}
      >
        {row.sourceId}
      </Link>
      {row.kind === 'rehearsal' && <Tag>rehearsal</Tag>}
    </span>
    <span className="block text-t3">{row.system}</span>
  </>
);

const When = ({ row, past }: Props) =>
  past ? (
    <>
      <span className="block text-t1">
        {row.endedAt ? <Time iso={row.endedAt} format="date" /> : 'no end recorded'}
      </span>
      {row.endedAt && <Time iso={row.endedAt} format="time" className="text-t3" />}
    </>
  ) : (
    <>
      <span className="block font-medium text-t1">
        <TClock t0={row.t0} />
      </span>
      <Time iso={row.t0} format="datetime" className="text-t3" />
    </>
  );

const frozen = (words: string | null) => words ?? <span className="text-t3">not frozen</span>;

export function CutoverRow({ row, past }: Props) {
  const [lead, rest] = splitHeadline(row.headline);
  return (
    <Tr className="relative">
      <Td first className="w-56">
        <Name row={row} />
      </Td>
      <Td className="w-48 whitespace-nowrap">
        <CutoverWords badge={row.badge} />
      </Td>
      <Td>
        <span className="block text-t1">{lead}</span>
        {rest && <span className="block text-t3">{rest}</span>}
      </Td>
      <Td className="w-52 whitespace-nowrap">
        <When row={row} past={past} />
      </Td>
      <Td className="w-48 max-wide:hidden">
        <span className="block truncate">{row.openedBy}</span>
        <span className="block truncate text-t3">{row.runbook}</span>
      </Td>
      <Td numeric className="w-36">
        {frozen(row.frozen)}
      </Td>
    </Tr>
  );
}

/** The same on a narrow screen: name, state, one sentence, when. */
export function CutoverCard({ row, past }: Props) {
  const [lead, rest] = splitHeadline(row.headline);
  return (
    <li className="relative border-t px-4 py-3 first:border-t-0">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <Name row={row} />
        </div>
        <CutoverWords badge={row.badge} />
      </div>
      <p className="mt-2 text-t2">
        <span className="text-t1">{lead}</span>
        {rest && `. ${rest}`}
      </p>
      <p className="mt-1 text-12 text-t3">
        {past && row.endedAt ? (
          <>
            Ended <Time iso={row.endedAt} format="datetime" />
          </>
        ) : (
          <>
            <TClock t0={row.t0} />, T-0 <Time iso={row.t0} format="datetime" />
          </>
        )}
      </p>
    </li>
  );
}
