'use client';
import Link from 'next/link';
import { NoWayBack } from '@/components/runbooks/no-way-back';
import { PhaseAxis } from '@/components/runbooks/phase-axis';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelBody, PanelHead } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/shared/routes';
import type { NewCutoverDto } from '@/lib/views/dto';
import { phaseAt } from './choose-profile';

type Runbook = NewCutoverDto['runbooks'][string];
type Props = { name: string; runbook: Runbook; t0: string | null };

/** What the chosen runbook will do, laid on the chosen times. */
export const RunbookPreview = ({ name, runbook, t0 }: Props) => (
  <Panel>
    <PanelHead
      title="Runbook"
      aside={
        <Link href={routes.runbook(name)} className="text-blue underline-offset-2 hover:underline">
          Open the runbook
        </Link>
      }
    />
    <PanelBody className="border-b">
      <p className="text-16 font-semibold">{runbook.title}</p>
      <p className="mt-0.5 text-t2">
        {runbook.from === runbook.to ? (
          <>
            Stays on <Mono>{runbook.to}</Mono>
          </>
        ) : (
          <>
            <Mono>{runbook.from}</Mono> to <Mono>{runbook.to}</Mono>
          </>
        )}
        , version {runbook.version}
      </p>
      {runbook.wayBackMeans && <NoWayBack means={runbook.wayBackMeans} />}
    </PanelBody>
    <PanelBody>
      <PhaseAxis
        phases={runbook.phases.map(({ title, tLabel, atSeconds, sequence, steps }) => ({
          key: `${tLabel} ${title}`,
          tLabel,
          atZero: sequence,
          aside: t0 && <Time iso={phaseAt(t0, atSeconds)} format="short" />,
          body: (
            <>
              <p className="font-medium">
                {title}
                {sequence && <span className="font-normal text-t3">, one press</span>}
              </p>
              <p className="text-t2">{steps.join(', ')}</p>
            </>
          ),
        }))}
      />
    </PanelBody>
  </Panel>
);
