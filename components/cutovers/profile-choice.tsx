'use client';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { cn } from '@/components/ui/cn';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { routes } from '@/lib/shared/routes';
import type { ProfileChoice } from './choose-profile';

type Props = { profiles: ProfileChoice[]; chosen: ProfileChoice | null };
const isSame = (a: ProfileChoice, b: ProfileChoice | null) => a.system === b?.system && a.sourceId === b.sourceId;

/** Which profile: links, so the choice is in the address and works before hydration. */
export function ProfileList({ profiles, chosen }: Props) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // Only the list itself scrolls: a chosen row further down must be seen, the page stays where it is.
    const row = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (list.current && row) list.current.scrollTop = row.offsetTop - list.current.clientHeight / 2;
  }, []);
  return (
    <Panel className="overflow-hidden">
      <PanelHead title="Profile" aside={`${profiles.length} in the fleet`} />
      <ul ref={list} className="relative max-h-[338px] overflow-y-auto">
        {profiles.map((profile) => {
          const current = isSame(profile, chosen);
          return (
            <li key={`${profile.system}/${profile.sourceId}`} className="border-t first:border-t-0">
              <Link
                href={routes.newCutover(profile.system, profile.sourceId)}
                replace
                scroll={false}
                prefetch={false}
                data-row=""
                aria-current={current ? 'true' : undefined}
                className={cn(
                  'flex min-h-13 items-center gap-x-4 px-4 py-1.5 max-md:flex-wrap hover:bg-s2 focus-visible:-outline-offset-2',
                  current && 'bg-s3 shadow-[inset_2px_0_0_var(--ink)] hover:bg-s3',
                )}
              >
                <span className="min-w-0 flex-1">
                  <span className="block font-medium break-all text-t1">{profile.sourceId}</span>
                  <span className="block text-t3">{profile.systemTitle}</span>
                </span>
                {profile.blockedBy ? (
                  <span className="flex max-w-[60%] items-start gap-2 text-right text-12 text-t3 max-md:max-w-none max-md:basis-full max-md:text-left">
                    <StatusGlyph status="locked" size={14} className="mt-[3px]" />
                    <span>{profile.blockedBy}</span>
                  </span>
                ) : (
                  <span className="text-right">
                    <Mono className="text-t1">{profile.observed ?? 'unknown'}</Mono>
                    <span className="block text-12 text-t3">{profile.observed ? 'now' : 'not read yet'}</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
