import { AloneCommand } from '@/components/runbooks/alone-command';
import { Panel, PanelBody, PanelHead } from '@/components/ui/panel';
import type { ProfileChoice } from './choose-profile';

/** Runbooks of a profile that need no cutover. */
export const AloneRunbooks = ({ runbooks }: { runbooks: ProfileChoice['alone'] }) => (
  <Panel>
    <PanelHead title="Without a cutover" />
    {runbooks.map(({ name, title, summary, command }) => (
      <PanelBody key={name} className="border-b last:border-b-0">
        <p className="font-medium">{title}</p>
        <p className="mb-1 text-t2">{summary}</p>
        <AloneCommand command={command} />
      </PanelBody>
    ))}
  </Panel>
);
