import { z } from 'zod';
import { planFlow } from '@/lib/checks/run-flow';
import { CutoverError } from '@/lib/errors';
import { envName } from '@/lib/fleet/schema';
import { modeOver, observeInstance } from '@/lib/services/observe-instance';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { fixedNames, flowOf, neighbourNames } from './parts/flow-names';
import {
  flowCheckpoints,
  type FlowRecord,
  footprintCheckpoint,
  neighboursCheckpoint,
  runFlowOn,
  saveFlowFindings,
} from './parts/judge-flow';
import { firstService, headersOf, isOnSource } from './parts/places';
import {
  removeScratch,
  scratchCheckpoint,
  scratchLines,
  scratchParams,
  type ScratchTarget,
  withScratchTarget,
} from './parts/scratch-target';
import { fenceHeldCheckpoint, openFilesCheckpoint, stillEqualCheckpoint } from './parts/smoke-claims';
import { copyForShadow, copyLine, onShadow, shadowLine } from './parts/smoke-shadow';
import { surfacesIn } from './parts/surfaces';
import type { MachineStep, StepContext } from './step';

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
  /** copy: the shadow runs in the source's mode on a copy of the live source; what it writes goes with it. Only with `on: shadow`. */
  source: z.enum(['live', 'copy']).default('live'),
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
    const onCopy = params.source === 'copy';
    const scratch = params.target === 'scratch' ? scratchLines(ctx, params.scratch) : onCopy ? [copyLine(ctx)] : [];
    const shadow = on === 'live' ? [] : [shadowLine(ctx, params.env, onCopy)];
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
    const copy = params.source === 'copy' ? await copyForShadow(ctx) : undefined;
    const throughShadow = (scratch?: ScratchTarget): Promise<void> =>
      onShadow(ctx, { env: params.env, scratch, copy }, async (shadow) => {
        const more = {
          service: shadow.service,
          url: shadow.url,
          rows: 'loaded' as const,
          ...(scratch ? { scratch } : {}),
          ...(copy ? { copy } : {}),
        };
        await record(await runFlowOn(ctx, { ...asked, ...more }), shadow.openFiles());
      });
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
    if (params.source_unchanged) checkpoints.push(fenceHeldCheckpoint(ctx));
    if (params.neighbours_unchanged) checkpoints.push(await neighboursCheckpoint(ctx));
    if (params.diff_against) checkpoints.push(await stillEqualCheckpoint(ctx, params.diff_against));
    ctx.setFact('checkedAt', record.at);
    return { checkpoints };
  },
  undo: removeScratch,
} satisfies MachineStep<Params>;

/** The live service stays on its own source and target. @throws CutoverError runbook_invalid */
function refuseLiveScratch(ctx: StepContext, { on, target, source }: Params): void {
  if (on === 'live' && (target === 'scratch' || source === 'copy'))
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${ctx.step.id} would put a throw-away ${target === 'scratch' ? 'target' : 'source'} behind the live service.`,
      advice: 'Set on: shadow for a step with target: scratch or source: copy.',
    });
}
