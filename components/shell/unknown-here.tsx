'use client';
import { useParams, useSearchParams } from 'next/navigation';
import { routes } from '@/lib/shared/routes';
import { NothingHere } from './nothing-here';
import { unknownCutover, unknownProfile } from './unknown-words';

/** A profile that the fleet file does not know. */
export const UnknownProfile = () => (
  <NothingHere
    title={unknownProfile(useParams())}
    detail="The fleet file may have changed, or the link is cut short."
    back={{ label: 'Fleet', href: routes.fleet() }}
  />
);

/** A cutover, or a step of one, that was never planned here. */
export function UnknownCutover() {
  const query = useSearchParams();
  return (
    <NothingHere
      title={unknownCutover(useParams(), query.get('of') ?? query.get('step'))}
      detail="The link may be of another console, or cut short."
      back={{ label: 'Cutovers', href: routes.cutovers() }}
    />
  );
}
