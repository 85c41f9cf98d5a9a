import { NothingHere } from '@/components/shell/nothing-here';
import { routes } from '@/lib/shared/routes';

export default function NotFound() {
  return (
    <NothingHere
      title="There is nothing of this name"
      detail="The fleet file may have changed, or the link is cut short."
      back={{ label: 'Open the fleet', href: routes.fleet() }}
    />
  );
}
