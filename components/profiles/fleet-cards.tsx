import Link from 'next/link';
import { StatusWord } from '@/components/ui/status-word';
import { routes } from '@/lib/shared/routes';
import type { FleetRowDto } from '@/lib/views/dto';
import { aboutWords } from './fleet-cells';
import { bySystem, glanceOf } from './fleet-state';
import { ModePair } from './mode-pair';

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const about = (row: FleetRowDto): string => aboutWords(row, false);

const Cards = ({ rows, grouped }: { rows: FleetRowDto[]; grouped: boolean }) => (
  <ul className="flex flex-col gap-2">
    {rows.map((row) => (
      <li key={`${row.system}/${row.sourceId}`} className="rounded-panel border bg-s1">
        <Link href={routes.profile(row.system, row.sourceId)} className="block rounded-panel px-4 pt-3 pb-2">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 truncate text-14 font-semibold text-t1">{row.sourceId}</span>
            {!grouped && <span className="shrink-0 text-12 text-t3">{row.systemTitle}</span>}
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
          <span className="block break-words text-12 text-t2">{row.status.detail}</span>
          {about(row) && <span className="mt-0.5 block text-12 text-t3">{sentence(about(row))}</span>}
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

/** The fleet on a narrow screen: name, mode, one status line, one link. */
export const FleetCards = ({ rows, grouped }: { rows: FleetRowDto[]; grouped: boolean }) =>
  grouped ? (
    <div className="flex flex-col gap-5">
      {bySystem(rows).map((group) => (
        <section key={group.system} aria-label={group.title}>
          <h2 className="mb-2 flex items-baseline gap-2">
            <span className="font-medium text-t1">{group.title}</span>
            <span className="text-12 text-t3">
              {glanceOf(group.rows)
                .map(({ text }) => text)
                .join(', ')}
            </span>
          </h2>
          <Cards rows={group.rows} grouped />
        </section>
      ))}
    </div>
  ) : (
    <Cards rows={rows} grouped={false} />
  );
