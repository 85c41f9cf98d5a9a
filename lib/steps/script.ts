import { z } from 'zod';
import { planFlow } from '@/lib/checks/run-flow';
import { type Flow, scriptCheck } from '@/lib/fleet/flow-schema';
import { CutoverError } from '@/lib/errors';
import { checkpoint } from './parts/checkpoint';
import { fixedNames, flowOf, neighbourNames } from './parts/flow-names';
import { flowCheckpoints, type FlowRecord, runFlowOn } from './parts/judge-flow';
import { firstService, headersOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z
  .strictObject({
    /** Name of a command of the service's cli; with args, timeout_seconds and expect as in a flow. */
    command: z.string().optional(),
    args: z.array(z.string()).default([]),
    timeout_seconds: z.number().positive().max(600).default(60),
    expect: scriptCheck.shape.expect,
    /** Name of a flow, where one command is not enough. */
    flow: z.string().optional(),
    /** Id of an export step: its folder or file is `input`. */
    from: z.string().optional(),
    /** What a person does when it fails. */
    advice: z.string().optional(),
  })
  .refine(({ command, flow }) => (command === undefined) !== (flow === undefined), 'either command or flow is needed');
type Params = z.infer<typeof params>;

export const step = {
  kind: 'script',
  title: 'Run a command of the service',
  why: 'What the service’s own tool says, held against what it must say.',
  params,
  async plan(ctx, params) {
    return { lines: planFlow(flowFor(ctx, params), namesFor(ctx, params), neighbourNames(ctx)) };
  },
  async run(ctx, params) {
    const service = firstService(ctx);
    const results = await runFlowOn(ctx, {
      flow: flowFor(ctx, params),
      names: namesFor(ctx, params),
      service,
      url: service.instances[0] ?? '',
      headers: headersOf(ctx),
      rows: 'loaded',
      writesTarget: false,
    });
    const record: FlowRecord = { attemptId: ctx.attemptId, at: new Date().toISOString(), results, openFiles: null };
    await ctx.state.set('record', JSON.parse(JSON.stringify(record)));
  },
  async check(ctx, { advice }) {
    const record = await ctx.state.get<FlowRecord>('record');
    if (!record)
      throw new CutoverError({
        code: 'smoke_failed',
        message: 'The command has not run.',
        advice: 'Run the step.',
        retry: 'now',
      });
    const claims = flowCheckpoints(record.results);
    const failed = claims.filter(({ verdict }) => verdict !== 'passed');
    ctx.setFact('checkedAt', record.at);
    if (!advice || !failed.length) return { checkpoints: claims };
    return { checkpoints: [...claims, checkpoint('next', 'Nothing is left to be done', false, { summary: advice })] };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

function flowFor(ctx: StepContext, { command, args, timeout_seconds, expect, flow }: Params): Flow {
  if (flow !== undefined) return flowOf(ctx, flow);
  return {
    title: ctx.step.title ?? step.title,
    checks: [
      {
        kind: 'script',
        name: `${command} says what it must`,
        must_fail: false,
        capture: {},
        command: command ?? '',
        args,
        timeout_seconds,
        expect,
      },
    ],
  };
}

/** `input`: where the export of an earlier step lies; before there is one, its step stands for it. */
const namesFor = (ctx: StepContext, { from }: Params) => ({
  ...fixedNames(ctx),
  ...(from === undefined
    ? {}
    : {
        input: ctx.factOrNull<string>(from, 'output') ?? ctx.factOrNull<string>(from, 'path') ?? `<export of ${from}>`,
      }),
});
