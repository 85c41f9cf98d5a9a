import { EmptyState } from '@/components/ui/empty-state';
import { ButtonLink } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';

export default function NotFound() {
  return (
    <div className="p-6 max-md:p-4">
      <Panel>
        <EmptyState
          title="There is no such profile or cutover"
          detail="The fleet file may have changed, or the link is cut short."
          action={
            <ButtonLink href={routes.fleet()} size="sm">
              Fleet
            </ButtonLink>
          }
        />
      </Panel>
    </div>
  );
}
