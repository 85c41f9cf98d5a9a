'use client';
import { useParams, useSearchParams } from 'next/navigation';
import { routes } from '@/lib/shared/routes';
import { NothingHere } from './nothing-here';
import { unknownCutover, unknownProfile, unknownRunbook } from './unknown-words';

/** A profile that the fleet file does not know. */
export const UnknownProfile = () => (
  <NothingHere
    title={unknownProfile(useParams())}
    detail="The fleet file may have changed, or the link is cut short."
    back={{ label: 'Open the fleet', href: routes.fleet() }}
  />
);

/** A cutover, or a step of one, that was never planned here. */
export function UnknownCutover() {
  const query = useSearchParams();
  return (
    <NothingHere
      title={unknownCutover(useParams(), query.get('of') ?? query.get('step'))}
      detail="The link may be of another console, or cut short."
      back={{ label: 'All cutovers', href: routes.cutovers() }}
    />
  );
}

/** A runbook that is neither shipped nor named in the fleet file. */
export const UnknownRunbook = () => (
  <NothingHere
    title={unknownRunbook(useParams())}
    detail="None that is shipped or named in the fleet file is called so; the link may be of an older file, or cut short."
    back={{ label: 'All runbooks', href: routes.runbooks() }}
  />
);
