'use client';
import Link from 'next/link';
import { focusRow } from '@/components/cutovers/focus-row';
import { PageBody } from '@/components/shell/page-body';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorLine } from '@/components/ui/error-panel';
import { useHotkeys } from '@/components/ui/hotkeys';
import { Mono } from '@/components/ui/mono';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Tag } from '@/components/ui/tag';
import { routes } from '@/lib/shared/routes';
import { countWords } from '@/lib/shared/words';
import type { RunbooksDto } from '@/lib/views/dto';

type Line = RunbooksDto['runbooks'][number];

const Fine = ({ line }: { line: Line }) => (
  <li className="relative flex items-center gap-6 border-t px-4 py-2.5 first:border-t-0 hover:bg-s2 max-md:flex-col max-md:items-start max-md:gap-1">
    <div className="min-w-0 flex-1">
      <p className="flex items-center gap-2">
        <Link
          href={routes.runbook(line.name)}
          data-row=""
          className="font-medium break-words text-t1 outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-blue"
        >
          {line.title}
        </Link>
        <Tag>{line.version}</Tag>
      </p>
      <Mono className="text-t3">{line.name}</Mono>
    </div>
    <p className="w-72 text-t2 max-md:w-auto">
      {line.from === line.to ? (
        'stays on '
      ) : (
        <>
          <Mono className="text-t1">{line.from}</Mono> to{' '}
        </>
      )}
      <Mono className="text-t1">{line.to}</Mono>
    </p>
    <p className="w-24 text-t2 md:text-right">{countWords(line.steps, 'step')}</p>
    <p className="w-40 text-t2 md:text-right">
      {line.profiles === 0 ? (
        <span className="text-t3">used by none</span>
      ) : (
        `used by ${countWords(line.profiles, 'profile')}`
      )}
    </p>
  </li>
);

const Broken = ({ line, error }: { line: Line; error: NonNullable<Line['error']> }) => (
  <li className="border-t px-4 py-3 first:border-t-0">
    <p className="font-medium">
      <Mono>{line.name}</Mono>
      {line.profiles > 0 && (
        <span className="font-normal text-t3"> used by {countWords(line.profiles, 'profile')}</span>
      )}
    </p>
    <ErrorLine error={error} className="mt-1" />
  </li>
);

/** Shipped and own runbooks, as they are on disk now. */
export function Runbooks({ view }: { view: RunbooksDto }) {
  useHotkeys({ j: () => focusRow(1), k: () => focusRow(-1) });
  return (
    <PageBody>
      <PageHead
        title="Runbooks"
        sub="Files on the server: phases of ordered steps. A cutover keeps the text it started with."
      />
      <Panel className="overflow-hidden">
        {view.runbooks.length === 0 ? (
          <EmptyState title="No runbook is there." detail="Put a YAML file into lib/runbooks." />
        ) : (
          <ul>
            {view.runbooks.map((line) =>
              line.error ? (
                <Broken key={line.name} line={line} error={line.error} />
              ) : (
                <Fine key={line.name} line={line} />
              ),
            )}
          </ul>
        )}
      </Panel>
    </PageBody>
  );
}
