import path from 'node:path';
import type { SessionContext } from '@/lib/auth/actor';
import { CutoverError } from '@/lib/errors';
import { currentFleet } from '@/lib/fleet/load';
import type { RunbookStep } from '@/lib/fleet/runbook-schema';
import { runbooksOf } from '@/lib/fleet/schema';
import { standsAlone } from '@/lib/fleet/stands-alone';
import type { RunbookDto } from './dto';
import { stepTitle } from './words/step-title';
import { tLabel } from './words/times';
import { wayBackMeans } from './words/way-back';

/** One runbook as it is on disk now. @throws CutoverError runbook_unknown | runbook_invalid */
export async function buildRunbook(_: SessionContext, { name }: { name: string }): Promise<RunbookDto> {
  const fleet = currentFleet();
  if (!fleet.runbookNames().includes(name))
    throw new CutoverError({
      code: 'runbook_unknown',
      message: `There is no runbook ${name.slice(0, 100)}.`,
      advice: 'Choose one of the list.',
    });
  const { runbook, digest, path: file } = fleet.runbook(name);
  const brief = (step: RunbookStep) => ({
    id: step.id,
    kind: step.kind,
    title: stepTitle({ step }),
    why: step.why ?? '',
  });
  const { runtime, data } = runbook.rollbacks;
  return {
    name,
    title: runbook.title,
    version: runbook.version,
    summary: runbook.summary,
    from: runbook.from,
    to: runbook.to,
    wayBack: wayBackMeans(runbook),
    digest,
    file: path.relative(process.cwd(), file),
    phases: runbook.phases.map((phase) => ({
      title: phase.title,
      tLabel: tLabel(phase.at_seconds),
      sequence: phase.sequence,
      steps: phase.steps.map((step) => ({ ...brief(step), plannedMs: step.planned_seconds * 1000, needs: step.needs })),
    })),
    rollbacks: [runtime, ...(data ? [data] : [])].map(({ title, steps }) => ({ title, steps: steps.map(brief) })),
    usedBy: fleet.systems.flatMap((system) =>
      system.profiles
        .filter((profile) => runbooksOf(profile).includes(name))
        .map(({ source_id }) => `${system.name}/${source_id}`),
    ),
    standsAlone: standsAlone(runbook),
  };
}
