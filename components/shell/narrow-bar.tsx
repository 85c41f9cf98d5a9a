'use client';
import { Menu as MenuIcon, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Sheet, SheetContent, SheetTrigger } from '@/components/ui/sheet';
import { Tag } from '@/components/ui/tag';
import { routes } from '@/lib/shared/routes';
import type { ShellDto } from '@/lib/views/dto';
import { BreakSomething } from './break-something';
import { Logo } from './logo';
import { PersonMenu } from './person-menu';
import { isIn, sections } from './sections';
import type { ShellActions } from './shell-frame';
import type { Theme } from './theme';

type Props = { shell: ShellDto; theme: Theme; actions: ShellActions; className?: string; onSearch: () => void };

/** The console's frame on a narrow screen: one line, and the places in a sheet. */
export function NarrowBar({ shell, theme, actions, className, onSearch }: Props) {
  const path = usePathname();
  const [open, setOpen] = useState(false);
  return (
    <header
      className={cn('sticky top-0 z-30 flex h-14 shrink-0 items-center gap-1 border-b bg-s1 px-2 md:hidden', className)}
    >
      <Link href={routes.fleet()} aria-label="Cutover Console, fleet" className="grid size-11 place-items-center">
        <Logo />
      </Link>
      <Tag>{shell.environment}</Tag>
      <span className="ml-auto flex items-center">
        <IconButton label="Search" onClick={onSearch} icon={<Search size={18} />} className="size-11" />
        <BreakSomething shell={shell} act={actions.breakSomething} compact />
        <PersonMenu shell={shell} theme={theme} actions={actions} compact />
        <Sheet open={open} onOpenChange={setOpen}>
          <SheetTrigger asChild>
            <button
              type="button"
              aria-label={shell.inboxCount ? `Places, ${shell.inboxCount} reviews wait for you` : 'Places'}
              className="relative grid size-11 place-items-center rounded-control text-t1"
            >
              <MenuIcon size={20} aria-hidden="true" />
              {shell.inboxCount > 0 && (
                <span
                  aria-hidden="true"
                  className="absolute top-1.5 right-1 grid h-4 min-w-4 place-items-center rounded-full bg-amber px-1 text-[10px] leading-none font-semibold text-bg"
                >
                  {shell.inboxCount}
                </span>
              )}
            </button>
          </SheetTrigger>
          <SheetContent title="Places">
            <nav aria-label="Console" className="p-2">
              {sections.map((section) => {
                const Icon = section.icon;
                return (
                  <Link
                    key={section.href}
                    href={section.href}
                    onClick={() => setOpen(false)}
                    aria-current={isIn(section, path) ? 'page' : undefined}
                    className="flex h-12 items-center gap-3 rounded-control px-3 text-14 font-medium text-t1 aria-[current]:bg-s3"
                  >
                    <Icon size={18} strokeWidth={1.6} aria-hidden="true" className="text-t2" />
                    {section.label}
                    {section.label === 'Reviews' && shell.inboxCount > 0 && (
                      <span className="ml-auto text-12 text-amber">{shell.inboxCount} wait for you</span>
                    )}
                  </Link>
                );
              })}
            </nav>
          </SheetContent>
        </Sheet>
      </span>
    </header>
  );
}
