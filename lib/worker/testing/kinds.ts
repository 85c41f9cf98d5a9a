import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CutoverError } from '@/lib/errors';
import type { MachineStep, StepContext } from '@/lib/steps/step';
import type { Registry } from '../perform-task';

const home = (): string => process.env.CUTOVER_HOME ?? '';
const told = (name: string): string | null => {
  const file = path.join(home(), name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
};
const note = (ctx: StepContext, verb: string): void =>
  appendFileSync(path.join(home(), 'journal'), `${verb} ${ctx.step.id} ${ctx.attemptId} ${ctx.epoch}\n`);

const untilEnded = (ctx: StepContext): Promise<never> =>
  new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)));

/**
 * A kind whose behaviour a test writes into files of CUTOVER_HOME: `fail-<step>` makes run throw, `differ-<step>` makes
 * check fail, `plan-<step>` changes the plan, `plan-die-<step>` ends the process that makes it, `plan-hang-<step>` never makes it, `die-<step>` ends the process, `hang-<step>` waits for cancel.
 */
const scripted = (kind: string): MachineStep<object> => ({
  kind,
  title: `Do ${kind}`,
  why: 'Tests.',
  params: z.looseObject({}),
  async plan(ctx) {
    appendFileSync(path.join(home(), 'planned'), `${ctx.step.id} ${ctx.cutoverId} ${process.pid}\n`);
    if (told(`plan-die-${ctx.step.id}`) !== null) process.kill(process.pid, 'SIGKILL');
    if (told(`plan-hang-${ctx.step.id}`) !== null) await untilEnded(ctx);
    return {
      lines: [
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: told(`plan-${ctx.step.id}`) ?? `do ${ctx.step.id}`,
          estimate: String(Date.now()),
        },
      ],
    };
  },
  async run(ctx) {
    note(ctx, 'run');
    ctx.log('info', `running ${ctx.step.id}`);
    ctx.progress({ unit: 'rows', done: 1, total: 1 });
    await ctx.state.set('tries', (((await ctx.state.get<number>('tries')) ?? 0) as number) + 1);
    await ctx.failpoint(`step:${ctx.step.id}`);
    if (told(`die-${ctx.step.id}`) !== null) process.kill(process.pid, 'SIGKILL');
    if (told(`hang-${ctx.step.id}`) !== null) await untilEnded(ctx);
    const failure = told(`fail-${ctx.step.id}`);
    if (failure !== null)
      throw new CutoverError({ code: 'batch_failed', message: failure || 'It broke.', advice: 'Retry.' });
    ctx.throwIfEnded();
    note(ctx, 'ran');
  },
  async check(ctx) {
    ctx.setFact('fingerprint.state', told(`state-${ctx.step.id}`) ?? 'as always');
    const bad = told(`differ-${ctx.step.id}`) !== null;
    return {
      checkpoints: [
        {
          key: kind === 'row-diff' ? 'equal' : 'holds',
          claim: 'It holds',
          verdict: bad ? 'failed' : 'passed',
          evidence: { summary: bad ? 'it differs' : 'looked again' },
        },
      ],
    };
  },
  async undo(ctx) {
    note(ctx, 'undo');
    const failure = told(`undo-fail-${ctx.step.id}`);
    if (failure !== null) throw new CutoverError({ code: 'tool_failed', message: 'Undo broke.', advice: 'Retry.' });
  },
});

export const scriptedRegistry: Registry = Object.fromEntries(
  [
    'preflight',
    'import',
    'row-diff',
    'repair',
    'freeze',
    'fence',
    'switch',
    'verify-mode',
    'canary',
    'thaw',
    'smoke',
    'close',
    'restore',
    'stop-service',
    'start-service',
  ].map((kind) => [kind, scripted(kind)]),
);
