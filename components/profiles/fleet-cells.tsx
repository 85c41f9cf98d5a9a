import Link from 'next/link';
import { ButtonLink } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { ProgressBar } from '@/components/ui/progress-bar';
import { StatusWord } from '@/components/ui/status-word';
import { formatBytes, formatCount } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { FleetRowDto } from '@/lib/views/dto';
import { stayWords, surfaceWords } from './mode-pair';

type RowProps = { row: FleetRowDto };

/** "Orcheo, 4 surfaces, 3 stay on file" */
export const aboutWords = ({ systemTitle, mode, shares }: FleetRowDto, named: boolean): string =>
  [named ? systemTitle : null, surfaceWords(mode), stayWords(mode), shares].filter(Boolean).join(', ');

export const ProfileCell = ({ row, grouped }: RowProps & { grouped: boolean }) => (
  <>
    <Link
      data-row-link=""
      href={routes.profile(row.system, row.sourceId)}
      className="rounded-chip font-medium text-t1 after:absolute after:inset-0 after:content-['']"
    >
      {row.sourceId}
    </Link>
    <span className="line-clamp-2 block text-12 text-t3">{aboutWords(row, !grouped) || row.title}</span>
  </>
);

export function StatusCell({ row }: RowProps) {
  const { glyph, headline, fraction } = row.status;
  // The mode column already names both modes; here stands why.
  const detail = row.group === 'drift' && row.mode.cause ? row.mode.cause : row.status.detail;
  return (
    <>
      <span className="flex items-center gap-2">
        {glyph === 'source' ? (
          <span className="text-t2">{headline}</span>
        ) : (
          <StatusWord status={glyph} className="font-medium">
            {headline}
          </StatusWord>
        )}
        {fraction !== null && (
          <span className="w-20">
            <ProgressBar
              size="thin"
              fraction={fraction}
              tone={glyph === 'running' ? 'moving' : glyph === 'failed' ? 'failed' : 'done'}
              label={`Steps of ${row.sourceId} done`}
            />
          </span>
        )}
      </span>
      {/* Whole: a reason and the next move are never cut. */}
      <span className="block break-words text-12 text-t2">{detail}</span>
    </>
  );
}

export const SizeCell = ({ row }: RowProps) => (
  <>
    <span className={cn('block', row.sourceBytes === null ? 'text-t3' : 'text-t1')}>
      {row.sourceBytes === null ? 'not read' : formatBytes(row.sourceBytes)}
    </span>
    <span className="block text-12 text-t3">{row.rows === null ? 'not counted' : formatCount(row.rows)}</span>
  </>
);

export const ActionCell = ({ row }: RowProps) => (
  <ButtonLink
    href={row.action.href}
    size="sm"
    className="relative w-22"
    aria-label={`${row.action.label} ${row.sourceId}`}
  >
    {row.action.label}
  </ButtonLink>
);
