import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';

/** In place of a form that plans, for whoever may not press it: nothing is filled in there in vain. @param does what an operator does here */
export const OnlyOperators = ({ does }: { does: string }) => (
  <Panel>
    <EmptyState
      title="Planning takes the role operator, which you do not have."
      detail={`${does} An admin gives roles, under Admin; what is planned stands under Cutovers, for everybody.`}
      action={
        <span className="flex flex-wrap justify-center gap-2">
          <ButtonLink href={routes.cutovers()} size="sm">
            See the cutovers
          </ButtonLink>
          <ButtonLink href={routes.runbooks()} size="sm">
            Read the runbooks
          </ButtonLink>
        </span>
      }
    />
  </Panel>
);
