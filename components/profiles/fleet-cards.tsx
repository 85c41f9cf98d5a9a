import Link from 'next/link';
import { StatusWord } from '@/components/ui/status-word';
import { routes } from '@/lib/shared/routes';
import type { FleetRowDto } from '@/lib/views/dto';
import { ModePair } from './mode-pair';

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The fleet on a narrow screen: name, mode, one status line, one link. */
export const FleetCards = ({ rows }: { rows: FleetRowDto[] }) => (
  <ul className="flex flex-col gap-2">
    {rows.map((row) => (
      <li key={`${row.system}/${row.sourceId}`} className="rounded-panel border bg-s1">
        <Link href={routes.profile(row.system, row.sourceId)} className="block rounded-panel px-4 pt-3 pb-2">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 truncate text-14 font-semibold text-t1">{row.sourceId}</span>
            <span className="shrink-0 text-12 text-t3">{row.systemTitle}</span>
            <span className="ml-auto shrink-0">
              <ModePair mode={row.mode} />
            </span>
          </span>
          <span className="mt-1 block">
            {row.status.glyph === 'source' ? (
              <span className="text-t2">{row.status.headline}</span>
            ) : (
              <StatusWord status={row.status.glyph} className="font-medium">
                {row.status.headline}
              </StatusWord>
            )}
          </span>
          <span className="line-clamp-3 text-12 text-t2">{row.status.detail}</span>
          {row.shares && <span className="mt-0.5 block text-12 text-t3">{sentence(row.shares)}</span>}
        </Link>
        <div className="border-t px-4">
          <Link href={row.action.href} className="flex min-h-11 items-center font-medium text-t1">
            {row.action.label}
          </Link>
        </div>
      </li>
    ))}
  </ul>
);
