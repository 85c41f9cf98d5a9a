'use client';
import { CircleHelp } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cn } from '@/components/ui/cn';
import { Kbd } from '@/components/ui/kbd';
import { isIn, sections } from './sections';

export function Rail({ inboxCount, onHelp }: { inboxCount: number; onHelp: () => void }) {
  const path = usePathname();
  return (
    <nav
      aria-label="Console"
      className="flex w-18 shrink-0 flex-col items-center gap-1 border-r bg-s1 py-2 max-md:hidden"
    >
      {sections.map((section) => {
        const { label, href, icon: Icon } = section;
        const here = isIn(section, path);
        const count = label === 'Reviews' ? inboxCount : 0;
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={cn(
              'flex h-14 w-16 flex-col items-center justify-center gap-1.5 rounded-control text-11 font-medium',
              here ? 'bg-s3 text-t1' : 'text-t3 hover:bg-s2 hover:text-t1',
            )}
          >
            <span className="relative">
              <Icon size={18} strokeWidth={1.6} aria-hidden="true" />
              {count > 0 && (
                <span
                  aria-hidden="true"
                  className="absolute -top-2 left-2.5 grid h-4 min-w-4 place-items-center rounded-full bg-amber px-1 text-[10px] leading-none font-semibold text-bg"
                >
                  {count}
                </span>
              )}
            </span>
            <span>
              {label}
              {count > 0 && <span className="sr-only">, {count} wait for you</span>}
            </span>
          </Link>
        );
      })}
      <button
        type="button"
        onClick={onHelp}
        aria-label="Help and keys"
        className="mt-auto flex w-16 flex-col items-center gap-1.5 rounded-control py-2 text-t3 hover:bg-s2 hover:text-t1"
      >
        <CircleHelp size={16} strokeWidth={1.6} aria-hidden="true" />
        <Kbd>?</Kbd>
      </button>
    </nav>
  );
}
