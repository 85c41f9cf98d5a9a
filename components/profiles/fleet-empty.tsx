import { CopyButton } from '@/components/ui/copy-button';
import { Mono } from '@/components/ui/mono';
import { Panel } from '@/components/ui/panel';

const example = `  - name: my-app
    title: My app
    profiles:
      - source_id: main
        runbook: sqlite-to-postgres`;
const cards = [
  {
    title: 'Try the demo cutover',
    text: 'Real services, real files and a PostgreSQL of its own, all on this machine. Nothing of yours is touched.',
    copy: 'npm run demo',
  },
  {
    title: 'Add a profile',
    text: 'A profile is an entry of the fleet file. Paste this, set your paths, and the check names each line that is not right.',
    copy: example,
  },
  {
    title: 'Move one file',
    text: 'One SQLite file and a DSN are enough. The command line walks the same steps with the same evidence.',
    copy: 'npx cutover run ./app.db --to env:TARGET_DSN --schema app',
  },
];

export const FleetEmpty = () => (
  <div className="grid grid-cols-3 gap-4 max-wide:grid-cols-1">
    {cards.map(({ title, text, copy }) => (
      <Panel key={title} className="flex flex-col gap-2 p-4">
        <h2 className="text-14 font-semibold">{title}</h2>
        <p className="text-t2">{text}</p>
        <div className="relative mt-auto rounded-control border bg-bg p-3 pr-10">
          <pre className="overflow-x-auto font-mono text-12 text-t1">
            <Mono className="text-[1em]">{copy}</Mono>
          </pre>
          <CopyButton text={copy} label={`Copy: ${title}`} className="absolute top-1.5 right-1.5" />
        </div>
      </Panel>
    ))}
  </div>
);
