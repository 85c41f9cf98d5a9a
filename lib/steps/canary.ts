import { z } from 'zod';
import { planFlow } from '@/lib/checks/run-flow';
import { CutoverError } from '@/lib/errors';
import { bypassValue, freezeOf } from '@/lib/services/freeze-http';
import { fixedNames, flowOf, neighbourNames } from './parts/flow-names';
import { flowCheckpoints, type FlowRecord, footprintCheckpoint, runFlowOn } from './parts/judge-flow';
import { firstService, headersOf, secretOf } from './parts/places';
import type { MachineStep } from './step';

const params = z.strictObject({ flow: z.string() });
type Params = z.infer<typeof params>;

export const step = {
  kind: 'canary',
  title: 'Send a canary',
  why: 'One harmless write through the service, while users are held, proves the whole path.',
  params,
  async plan(ctx, { flow }) {
    return { lines: planFlow(flowOf(ctx, flow), fixedNames(ctx), neighbourNames(ctx)) };
  },
  async run(ctx, { flow }) {
    const service = firstService(ctx);
    const headers = {
      ...headersOf(ctx),
      [freezeOf(service).bypass_header]: bypassValue(service, ctx.holdId ?? ctx.cutoverId, secretOf(ctx)),
    };
    await ctx.failpoint('canary:before');
    const results = await runFlowOn(ctx, {
      flow,
      service,
      url: service.instances[0] ?? '',
      headers,
      rows: 'live',
      writesTarget: true,
    });
    const record: FlowRecord = { attemptId: ctx.attemptId, at: new Date().toISOString(), results, openFiles: null };
    await ctx.state.set('record', JSON.parse(JSON.stringify(record)));
  },
  async check(ctx) {
    const record = await ctx.state.get<FlowRecord>('record');
    if (!record)
      throw new CutoverError({
        code: 'canary_lost',
        message: 'The canary was not sent.',
        advice: 'Run the step.',
        retry: 'now',
      });
    return { checkpoints: [...flowCheckpoints(record.results), ...(await footprintCheckpoint(ctx, false))] };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
