import { PlaceLink } from '@/components/ui/place-link';
import { Panel, PanelBody } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { routes } from '@/lib/shared/routes';
import type { NewCutoverDto } from '@/lib/views/dto';
import type { ProfileChoice } from './choose-profile';

type Props = { chosen: ProfileChoice; runbooks: NewCutoverDto['runbooks'] };

/** Which of its runbooks a profile walks: links, so the choice is in the address. Nothing where there is only one. */
export function RunbookChoice({ chosen, runbooks }: Props) {
  if (chosen.runbooks.length < 2) return null;
  return (
    <Panel>
      <PanelBody className="flex flex-wrap items-center justify-between gap-3">
        <span className="text-t2">Runbook</span>
        <Segmented
          label="Runbook"
          link={PlaceLink}
          value={chosen.runbook}
          className="max-w-full flex-wrap"
          options={chosen.runbooks.map((name) => ({
            value: name,
            label: runbooks[name]?.title ?? name,
            href: routes.newCutover(chosen.system, chosen.sourceId, name),
          }))}
        />
      </PanelBody>
    </Panel>
  );
}
