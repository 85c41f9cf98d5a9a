import { NothingHere } from '@/components/shell/nothing-here';
import { routes } from '@/lib/shared/routes';

export default function NoSuchRunbook() {
  return (
    <NothingHere
      title="There is no runbook of this name"
      detail="The fleet file names the runbooks of its own; the link may be of an older one, or cut short."
      back={{ label: 'Runbooks', href: routes.runbooks() }}
    />
  );
}
