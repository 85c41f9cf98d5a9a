'use client';
import { ChevronDown, ListFilter } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { SearchInput } from '@/components/ui/input';
import { Mono } from '@/components/ui/mono';
import { PlaceLink } from '@/components/ui/place-link';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { routes } from '@/lib/shared/routes';
import { bySystem, type ProfileChoice } from './choose-profile';

type Props = { profiles: ProfileChoice[]; chosen: ProfileChoice | null };
const isSame = (a: ProfileChoice, b: ProfileChoice | null) => a.system === b?.system && a.sourceId === b.sourceId;

/** Fewer than these are seen at a glance. */
const manyProfiles = 10;

function Choice({ profile, current }: { profile: ProfileChoice; current: boolean }) {
  return (
    <PlaceLink
      href={routes.newCutover(profile.system, profile.sourceId)}
      data-row=""
      aria-current={current ? 'true' : undefined}
      className={cn(
        'flex min-h-11 items-center gap-x-4 px-4 py-1.5 hover:bg-s2 focus-visible:-outline-offset-2 max-md:flex-wrap',
        current && 'bg-s3 shadow-[inset_2px_0_0_var(--ink)] hover:bg-s3',
      )}
    >
      <span className={cn('min-w-0 flex-1 font-medium break-all', profile.blockedBy ? 'text-t2' : 'text-t1')}>
        {profile.sourceId}
      </span>
      {profile.blockedBy ? (
        <span className="flex max-w-[60%] items-start gap-2 text-right text-12 text-t3 max-md:max-w-none max-md:basis-full max-md:text-left">
          <StatusGlyph status="locked" size={14} className="mt-[3px]" />
          <span>{profile.blockedBy}</span>
        </span>
      ) : (
        <span className="text-right">
          {profile.observed ? (
            <Mono className="text-t2">{profile.observed}</Mono>
          ) : (
            <span className="text-t3">not read yet</span>
          )}
        </span>
      )}
    </PlaceLink>
  );
}

/** Who comes with a profile chosen sees it, however far down it stands. */
function useChosenInSight() {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('a[aria-current="true"]')?.scrollIntoView({ block: 'center' });
  }, []);
  return list;
}

function Choices({ profiles, chosen }: Props) {
  const [text, setText] = useState('');
  const groups = bySystem(profiles, text);
  const list = useChosenInSight();
  return (
    <div ref={list}>
      {profiles.length > manyProfiles && (
        <div className="border-b p-2">
          <SearchInput
            aria-label="Filter profiles"
            placeholder="Filter profiles"
            icon={<ListFilter size={14} />}
            box="w-full"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      )}
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title} className="border-b last:border-b-0">
          <h3 className="flex h-8 items-center gap-2 bg-s2/60 px-4 text-12 font-medium text-t2">
            {group.title} <span className="font-normal text-t3">{group.profiles.length}</span>
          </h3>
          <ul>
            {group.profiles.map((profile) => (
              <li key={profile.sourceId} className="border-t">
                <Choice profile={profile} current={isSame(profile, chosen)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {groups.length === 0 && <p className="px-4 py-6 text-center text-t2">No profile is called like this.</p>}
    </div>
  );
}

/** Which profile: links, so the choice is in the address and works before hydration. Where there is no room beside the
 *  form, what was chosen is one line that opens. */
export function ProfileChoices({ named, ...props }: Props & { named: boolean }) {
  const { profiles, chosen } = props;
  return (
    <>
      <Panel className="overflow-hidden max-wide:hidden">
        <PanelHead title="Profile" aside={`${profiles.length} in the fleet`} />
        <Choices {...props} />
      </Panel>
      <Panel className="overflow-hidden wide:hidden">
        <details key={chosen?.sourceId} open={!named} className="group">
          <summary className="flex min-h-13 cursor-pointer list-none items-center gap-3 px-4 -outline-offset-2! [&::-webkit-details-marker]:hidden">
            <span className="min-w-0">
              <span className="block text-12 text-t3">Profile</span>
              <span className="block truncate font-medium text-t1">
                {chosen ? `${chosen.sourceId}, ${chosen.systemTitle}` : 'none can start'}
              </span>
            </span>
            <ChevronDown size={16} aria-hidden="true" className="ml-auto shrink-0 text-t2 group-open:rotate-180" />
          </summary>
          <div className="border-t">
            <Choices {...props} />
          </div>
        </details>
      </Panel>
    </>
  );
}
