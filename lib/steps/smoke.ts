import { realpathSync } from 'node:fs';
import { z } from 'zod';
import { planFlow } from '@/lib/checks/run-flow';
import { CutoverError } from '@/lib/errors';
import { envName } from '@/lib/fleet/schema';
import { modeOver, observeInstance } from '@/lib/services/observe-instance';
import { shadowOverlay, withShadow } from '@/lib/services/shadow';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { checkpoint } from './parts/checkpoint';
import { fixedNames, flowOf, neighbourNames } from './parts/flow-names';
import {
  flowCheckpoints,
  type FlowRecord,
  footprintCheckpoint,
  neighboursCheckpoint,
  runFlowOn,
  saveFlowFindings,
} from './parts/judge-flow';
import { firstService, headersOf, isOnSource, secretOf } from './parts/places';
import { diffNow, isEqual } from './parts/row-diff-evidence';
import { sourceFenceOf } from './parts/source-fence';
import {
  removeScratch,
  scratchCheckpoint,
  scratchLines,
  scratchParams,
  type ScratchTarget,
  withScratchTarget,
} from './parts/scratch-target';
import { surfacesIn } from './parts/surfaces';
import type { MachineStep, StepContext } from './step';
import { sourceFiles } from '@/lib/fleet/source-files';

const params = z.strictObject({
  /** shadow: a second process in the target mode; live: the service itself. */
  on: z.enum(['shadow', 'live']),
  flow: z.string(),
  /** Fails when the shadow holds the source file open. */
  reads_no_source_file: z.boolean().default(false),
  neighbours_unchanged: z.boolean().default(false),
  /** After the switch: fails when the old side was written in spite of its fence. */
  source_unchanged: z.boolean().default(false),
  /** Id of the snapshot-source step that the target must still equal afterwards. */
  diff_against: z.string().optional(),
  /** scratch: a throw-away PostgreSQL stands in for the target; only with `on: shadow`. */
  target: z.enum(['profile', 'scratch']).default('profile'),
  scratch: scratchParams.prefault({}),
  /** Variables of the shadow, on top of its own. */
  env: z.record(envName, z.string()).default({}),
});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'smoke',
  title: 'Smoke',
  why: 'The service itself must work on the data, not only the data be there.',
  params,
  async plan(ctx, params) {
    const { on, flow, neighbours_unchanged: neighbours, diff_against: against } = params;
    refuseLiveScratch(ctx, params);
    const scratch = params.target === 'scratch' ? scratchLines(ctx, params.scratch) : [];
    const shadow = on === 'live' ? [] : [shadowLine(ctx, params.env)];
    const check = (does: string): PlanLine => ({
      type: 'check',
      on: 'target',
      effect: 'read',
      does,
      undo: 'nothing to undo',
    });
    return {
      lines: [
        ...scratch,
        ...shadow,
        ...planFlow(flowOf(ctx, flow), fixedNames(ctx), neighbourNames(ctx)),
        ...(neighbours ? [check('Searches the other profiles for the mark of what was written.')] : []),
        ...(against ? [check(`The target still equals the copy of ${against}, row by row.`)] : []),
      ],
    };
  },
  async run(ctx, params) {
    const { on, flow } = params;
    refuseLiveScratch(ctx, params);
    const service = firstService(ctx);
    const record = (results: FlowRecord['results'], openFiles: string[] | null): Promise<void> =>
      ctx.state.set(
        'record',
        JSON.parse(
          JSON.stringify({
            attemptId: ctx.attemptId,
            at: new Date().toISOString(),
            results,
            openFiles,
          } satisfies FlowRecord),
        ),
      );
    const asked = { flow, headers: headersOf(ctx), writesTarget: true };
    if (on === 'live') {
      const reading = await observeInstance(service, service.instances[0] ?? '', headersOf(ctx), ctx.signal);
      const observed = modeOver(reading, surfacesIn(ctx, service));
      await record(
        await runFlowOn(ctx, {
          ...asked,
          service,
          url: service.instances[0] ?? '',
          rows: 'live',
          writesTarget: !isOnSource(ctx, observed),
        }),
        null,
      );
      return;
    }
    const throughShadow = (scratch?: ScratchTarget): Promise<void> =>
      withShadow(
        service,
        {
          mode: ctx.runbook.to,
          surfaces: surfacesIn(ctx, service),
          headers: headersOf(ctx),
          sourceId: ctx.profile.source_id,
          workDir: ctx.workDir,
          secret: scratch?.secret ?? secretOf(ctx),
          env: { ...params.env, ...scratch?.env(service) },
          signal: ctx.signal,
        },
        async (shadow) => {
          ctx.log('info', `Shadow of ${service.name} at ${shadow.url}, pid ${shadow.pid}`);
          const results = await runFlowOn(ctx, {
            ...asked,
            service: shadow.service,
            url: shadow.url,
            rows: 'loaded',
            ...(scratch ? { scratch } : {}),
          });
          await record(results, shadow.openFiles());
        },
      );
    if (params.target === 'scratch') await withScratchTarget(ctx, params.scratch, throughShadow);
    else await throughShadow();
  },
  async check(ctx, params) {
    const record = await ctx.state.get<FlowRecord>('record');
    if (!record)
      throw new CutoverError({
        code: 'smoke_failed',
        message: 'The checks have not run.',
        advice: 'Run the step.',
        retry: 'now',
      });
    const url = firstService(ctx).instances[0] ?? '';
    const live =
      params.on === 'live' ? await observeInstance(firstService(ctx), url, headersOf(ctx), ctx.signal) : null;
    const onTarget = !live || !isOnSource(ctx, modeOver(live, surfacesIn(ctx, firstService(ctx))));
    await saveFlowFindings(ctx, params.flow, record.results);
    const checkpoints: CheckpointResult[] = flowCheckpoints(record.results);
    if (params.reads_no_source_file) checkpoints.push(openFilesCheckpoint(ctx, record.openFiles));
    if (params.target === 'scratch') checkpoints.push(await scratchCheckpoint(ctx));
    else if (onTarget) checkpoints.push(...(await footprintCheckpoint(ctx, params.on === 'live')));
    if (params.source_unchanged) {
      const { state, summary } = sourceFenceOf(ctx).read();
      checkpoints.push(
        checkpoint('source-unchanged', 'The old side took no write since its fence', state === 'complete', { summary }),
      );
    }
    if (params.neighbours_unchanged) checkpoints.push(await neighboursCheckpoint(ctx));
    if (params.diff_against) {
      const diff = await diffNow(ctx, params.diff_against);
      const { durationMs: _, ...rowDiff } = diff;
      checkpoints.push(
        checkpoint('still-equal', 'The target is as it was before the checks', isEqual(diff), {
          summary: `${diff.equal} rows equal; holds at: ${diff.holdsAt}`,
          rowDiff,
        }),
      );
    }
    ctx.setFact('checkedAt', record.at);
    return { checkpoints };
  },
  undo: removeScratch,
} satisfies MachineStep<Params>;

function shadowLine(ctx: StepContext, env: Record<string, string>): PlanLine {
  const service = firstService(ctx);
  const overlay = {
    ...shadowOverlay(service, ctx.runbook.to, '<free port>', '<attempt>/service.log', surfacesIn(ctx, service)),
    ...env,
  };
  return {
    type: 'command',
    on: 'service',
    effect: 'write',
    does: `Starts a shadow of ${service.name} in ${ctx.runbook.to}, on a port and a log of its own; it is always stopped at the end.`,
    text: [
      ...Object.entries(overlay).map(([name, value]) => `${name}=${value}`),
      service.shadow?.argv.join(' ') ?? '',
    ].join('\n'),
    undo: 'stopped at the end of the step, also after a failure',
  };
}

/** The live service stays on its own target. @throws CutoverError runbook_invalid */
function refuseLiveScratch(ctx: StepContext, { on, target }: Params): void {
  if (on === 'live' && target === 'scratch')
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${ctx.step.id} would put a throw-away target behind the live service.`,
      advice: 'Set on: shadow for a step with target: scratch.',
    });
}

function openFilesCheckpoint(ctx: StepContext, openFiles: string[] | null): CheckpointResult {
  const sources = sourceFiles(ctx.profile.source).map((file) => realpathSync(file));
  const own = sources.flatMap((file) => [file, `${file}-wal`, `${file}-shm`]);
  const open = openFiles?.filter((file) => own.includes(file)) ?? [];
  return checkpoint(
    'source-closed',
    'The shadow has not opened the source file',
    openFiles === null ? null : open.length === 0,
    {
      summary:
        openFiles === null
          ? 'this system does not tell which files a process holds open'
          : open.length
            ? `open: ${open.join(', ')}`
            : `${openFiles.length} files open, none of them the source`,
      probes: [
        {
          what: 'files held open by the shadow',
          text: '/proc/<pid>/fd',
          expected: `not ${sources.join(', ')}`,
          got: open.join(', ') || 'none',
          passed: openFiles !== null && open.length === 0,
        },
      ],
    },
  );
}
