import type { Metadata } from 'next';
import { FullPage } from '@/components/shell/full-page';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <FullPage>
      <Panel>
        <EmptyState
          wholePage
          title="There is nothing at this address"
          detail="The link may be of an older console. Nothing was changed."
          action={
            <ButtonLink href={routes.fleet()} size="sm">
              Open the fleet
            </ButtonLink>
          }
        />
      </Panel>
    </FullPage>
  );
}
