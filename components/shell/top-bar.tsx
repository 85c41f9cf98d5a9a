'use client';
import { Inbox, Search } from 'lucide-react';
import Link from 'next/link';
import { Kbd } from '@/components/ui/kbd';
import { Tag } from '@/components/ui/tag';
import { routes } from '@/lib/shared/routes';
import type { ShellDto } from '@/lib/views/dto';
import { BreakSomething } from './break-something';
import { DemoWrites } from './demo-writes';
import { Logo } from './logo';
import { PersonMenu } from './person-menu';
import { PollingNote } from './polling-note';
import type { ShellActions } from './shell-frame';
import type { Theme } from './theme';

type Props = { shell: ShellDto; theme: Theme; actions: ShellActions; onSearch: () => void };

export const TopBar = ({ shell, theme, actions, onSearch }: Props) => (
  <header className="flex h-14 shrink-0 items-center border-b bg-s1 pr-4 max-md:hidden">
    <Link href={routes.fleet()} aria-label="Cutover Console, fleet" className="flex h-full items-center">
      <span className="grid w-18 place-items-center">
        <Logo />
      </span>
      <span className="text-14 font-semibold tracking-[-0.01em] text-t1">Cutover Console</span>
    </Link>
    <Tag className="ml-3 text-12">{shell.environment}</Tag>
    <button
      type="button"
      onClick={onSearch}
      className="ml-8 flex h-9 w-96 min-w-0 shrink items-center gap-2 rounded-control border border-line2/55 bg-bg px-3 text-t3 hover:border-line2"
    >
      <Search size={14} aria-hidden="true" className="text-t2" />
      <span className="min-w-0 truncate">Search profiles, cutovers, pages</span>
      <span aria-hidden="true" className="ml-auto flex gap-1">
        <Kbd>Ctrl</Kbd>
        <Kbd>K</Kbd>
      </span>
    </button>
    <div className="ml-auto flex shrink-0 items-center gap-3 pl-4">
      <DemoWrites writes={shell.demoWrites} />
      <BreakSomething shell={shell} act={actions.breakSomething} />
      <PollingNote />
      <Link
        href={routes.reviews()}
        className="flex h-9 items-center gap-2 rounded-control px-2 text-t2 hover:bg-s2 hover:text-t1"
      >
        <Inbox size={15} aria-hidden="true" />
        Inbox{' '}
        <span className="grid h-5 min-w-5 place-items-center rounded-full bg-s3 px-1.5 text-12 font-semibold text-t1">
          {shell.inboxCount}
        </span>
      </Link>
      <span aria-hidden="true" className="h-5 w-px bg-line" />
      <PersonMenu shell={shell} theme={theme} actions={actions} />
    </div>
  </header>
);
