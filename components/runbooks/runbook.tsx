import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import { PageBody } from '@/components/shell/page-body';
import { Digest, Mono } from '@/components/ui/mono';
import { PageHead } from '@/components/ui/page-head';
import { Panel, PanelBody, PanelHead } from '@/components/ui/panel';
import { Tag } from '@/components/ui/tag';
import { formatDuration } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import { runAloneCommand } from '@/lib/shared/shell-text';
import type { RunbookDto } from '@/lib/views/dto';
import { AloneCommand } from './alone-command';
import { NoWayBack } from './no-way-back';
import { PhaseAxis } from './phase-axis';
import { RunbookStep } from './runbook-step';

type Phase = RunbookDto['phases'][number];
const plannedMs = ({ steps }: Phase) => steps.reduce((sum, step) => sum + step.plannedMs, 0);

const PhasePanel = ({ phase, titles }: { phase: Phase; titles: Map<string, string> }) => (
  <Panel className="overflow-hidden">
    <PanelHead
      title={
        <span className="text-t1">
          {phase.title}
          {phase.sequence && <span className="font-normal text-t3">, one press for all its steps</span>}
        </span>
      }
      aside={`planned ${formatDuration(plannedMs(phase)).replace('.0 s', ' s')}`}
    />
    <ul>
      {phase.steps.map((step) => (
        <RunbookStep key={step.id} step={step} titles={titles} />
      ))}
    </ul>
  </Panel>
);

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex items-baseline justify-between gap-4 py-1">
    <dt className="shrink-0 text-t2">{label}</dt>
    <dd className="min-w-0 text-right break-words text-t1">{children}</dd>
  </div>
);

const Facts = ({ view }: { view: RunbookDto }) => (
  <Panel>
    <PanelHead title="This file" />
    <PanelBody>
      <dl>
        {view.from !== view.to && (
          <Fact label="From">
            <Mono>{view.from}</Mono>
          </Fact>
        )}
        <Fact label={view.from === view.to ? 'Stays on' : 'To'}>
          <Mono>{view.to}</Mono>
        </Fact>
        <Fact label="Version">{view.version}</Fact>
        <Fact label="Digest">
          <Digest value={view.digest} />
        </Fact>
        <Fact label="File">
          <Mono>
            {view.file.split('/').map((part, at) => (
              <Fragment key={part}>
                {at > 0 && (
                  <>
                    /<wbr />
                  </>
                )}
                {part}
              </Fragment>
            ))}
          </Mono>
        </Fact>
      </dl>
      {view.wayBack && <NoWayBack means={view.wayBack} className="border-t pt-3" />}
    </PanelBody>
  </Panel>
);

const RunAlone = ({ view: { name, usedBy } }: { view: RunbookDto }) => {
  const [system = '', ...rest] = (usedBy[0] ?? 'SYSTEM/SOURCE_ID').split('/');
  return (
    <Panel>
      <PanelHead title="Without a cutover" />
      <PanelBody>
        <AloneCommand command={runAloneCommand(system, rest.join('/'), name)} />
      </PanelBody>
    </Panel>
  );
};

const UsedBy = ({ profiles }: { profiles: string[] }) => (
  <Panel>
    <PanelHead title="Used by" aside={String(profiles.length)} />
    {profiles.length === 0 && <PanelBody className="text-t2">No profile of the fleet file names it.</PanelBody>}
    <ul>
      {profiles.map((profile) => {
        const slash = profile.indexOf('/');
        const [system, sourceId] = [profile.slice(0, slash), profile.slice(slash + 1)];
        return (
          <li key={profile} className="border-t first:border-t-0">
            <Link
              href={routes.profile(system, sourceId)}
              className="flex min-h-9 items-center justify-between gap-3 px-4 py-1.5 hover:bg-s2 focus-visible:-outline-offset-2 touch:min-h-11"
            >
              <span className="min-w-0 font-medium break-all">{sourceId}</span>
              <span className="shrink-0 text-t3">{system}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  </Panel>
);

/** One runbook as it is on disk now. */
export function Runbook({ view }: { view: RunbookDto }) {
  const steps = [...view.phases, ...view.rollbacks].flatMap((part) => part.steps);
  const titles = new Map(steps.map(({ id, title }) => [id, title]));
  return (
    <PageBody>
      <PageHead title={view.title} badge={<Tag>{view.version}</Tag>} sub={view.summary} />
      <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_312px]">
        <div className="min-w-0">
          <PhaseAxis
            head
            phases={view.phases.map((phase) => ({
              key: phase.title,
              tLabel: phase.tLabel,
              atZero: phase.sequence,
              body: <PhasePanel phase={phase} titles={titles} />,
            }))}
          />
          {view.rollbacks.map((rollback) => (
            <section key={rollback.title} className="mt-4 pl-[88px] max-md:pl-[72px]">
              <Panel className="overflow-hidden">
                <PanelHead
                  title={<span className="text-t1">{rollback.title}</span>}
                  aside="only when a person presses"
                />
                <ul>
                  {rollback.steps.map((step) => (
                    <RunbookStep key={step.id} step={step} titles={titles} />
                  ))}
                </ul>
              </Panel>
            </section>
          ))}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Facts view={view} />
          {view.standsAlone && <RunAlone view={view} />}
          <UsedBy profiles={view.usedBy} />
        </div>
      </div>
    </PageBody>
  );
}
