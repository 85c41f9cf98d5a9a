import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';

type Props = { title: string; detail: string; back: { label: string; href: string } };

/** What an address names and nobody knows, with the way to what there is. */
export const NothingHere = ({ title, detail, back }: Props) => (
  <div className="p-6 max-md:p-4">
    <Panel>
      <EmptyState
        wholePage
        title={title}
        detail={detail}
        action={
          <ButtonLink href={back.href} size="sm">
            {back.label}
          </ButtonLink>
        }
      />
    </Panel>
  </div>
);
