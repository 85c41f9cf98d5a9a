import { X } from 'lucide-react';
import Link from 'next/link';
import { Mono } from '@/components/ui/mono';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/shared/routes';
import type { NewCutoverDto } from '@/lib/views/dto';
import type { ProfileChoice } from './choose-profile';

type Props = {
  profile: ProfileChoice;
  at: string | null;
  rest: ProfileChoice[];
  runbook: NewCutoverDto['runbooks'][string] | undefined;
};

/** One profile of a wave with its T-0, or why it cannot join, and the way out of it. */
export function WaveMember({ profile, at, rest, runbook }: Props) {
  return (
    <li className="flex min-h-13 items-center gap-x-4 border-t px-4 py-1.5 first:border-t-0 max-md:flex-wrap">
      <span className="min-w-0 flex-1">
        <span className="block font-medium break-all text-t1">{profile.sourceId}</span>
        <span className="block text-12 text-t3">
          {profile.systemTitle}
          {runbook && (
            <>
              , <Mono>{runbook.from}</Mono> to <Mono>{runbook.to}</Mono>
            </>
          )}
        </span>
      </span>
      {profile.blockedBy ? (
        <span className="flex max-w-[50%] items-start gap-2 text-right text-12 text-amber max-md:max-w-none max-md:basis-full max-md:text-left">
          <StatusGlyph status="locked" size={14} className="mt-[3px]" />
          <span>{profile.blockedBy}</span>
        </span>
      ) : (
        <span className="text-right tabular-nums">
          <span className="block text-t1">{at && <Time iso={at} format="short" />}</span>
          <span className="block text-12 text-t3">{at && <Time iso={at} format="date" />}</span>
        </span>
      )}
      <Link
        href={routes.wave(rest)}
        replace
        scroll={false}
        prefetch={false}
        aria-label={`Leave ${profile.sourceId} out`}
        className="grid size-7 shrink-0 place-items-center rounded-control text-t3 hover:bg-s2 hover:text-t1 touch:size-11"
      >
        <X size={14} aria-hidden="true" />
      </Link>
    </li>
  );
}
