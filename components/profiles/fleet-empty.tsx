import { ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { ExactText } from '@/components/ui/exact-text';
import { Panel } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';

const cards = [
  {
    title: 'Try the demo cutover',
    text: 'Real services, real files and a PostgreSQL of its own, all on this machine. Nothing of yours is touched.',
    copy: 'npm run demo',
  },
  {
    title: 'Bring your own system',
    text: 'A profile is an entry of the fleet file; the README shows one. Each line that is not right is named on start.',
    copy: 'npm start -- fleet.yaml',
  },
];

export const FleetEmpty = () => (
  <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
    {cards.map(({ title, text, copy }) => (
      <Panel key={title} className="flex flex-col gap-2 p-4">
        <h2 className="text-14 font-semibold">{title}</h2>
        <p className="text-t2">{text}</p>
        <div className="relative mt-auto rounded-control border bg-bg p-3 pr-10">
          <ExactText label={title} className="whitespace-pre text-t1">
            {copy}
          </ExactText>
          <CopyButton text={copy} label={`Copy: ${title}`} className="absolute top-1.5 right-1.5" />
        </div>
      </Panel>
    ))}
    <Panel className="col-span-full flex items-center gap-4 p-4 max-md:flex-col max-md:items-stretch">
      <div className="min-w-0 flex-1">
        <h2 className="text-14 font-semibold">Move one file</h2>
        <p className="text-t2">
          A SQLite file that no service writes to: choose it from a list, name a schema, compare every cell.
        </p>
      </div>
      <ButtonLink href={routes.move()}>Choose a file</ButtonLink>
    </Panel>
  </div>
);
