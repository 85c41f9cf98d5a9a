import { existsSync } from 'node:fs';
import { CutoverError } from '@/lib/errors';
import { runArgv } from '@/lib/services/restart';
import { commandArgv, commandCwd, commandEnv } from '@/lib/services/service-command';
import type { StepContext } from '@/lib/steps/step';
import { firstService, secretOf } from './places';

/** Runs an export command of the system to its end. @throws CutoverError tool_failed with its last words */
export async function exportByCommand(ctx: StepContext, command: string, names: Record<string, string>): Promise<void> {
  const service = firstService(ctx);
  const ended = await runArgv(commandArgv(service, command, names), {
    cwd: commandCwd(service),
    env: commandEnv(service, command, secretOf(ctx)),
    seconds: ctx.step.limit_seconds,
    signal: ctx.signal,
    onLine: (line, stream) => ctx.log(stream === 'err' ? 'warn' : 'info', line),
  });
  if (ended.code === 0) return;
  throw new CutoverError({
    code: 'tool_failed',
    message: `${command} ended with ${ended.code}: ${ended.output.trim().slice(-400) || 'no output'}.`,
    advice: 'Read the log of the attempt, mend the cause and retry.',
    retry: 'later',
  });
}

/** What the last run of this step made, as it noted it. @throws CutoverError snapshot_missing */
export async function madeExport<T extends { path: string }>(ctx: StepContext): Promise<T> {
  const made = await ctx.state.get<T>('made');
  if (made && existsSync(made.path)) return made;
  throw new CutoverError({
    code: 'snapshot_missing',
    message: `The export${made ? ` ${made.path}` : ''} is not there.`,
    advice: 'Run the step again.',
    retry: 'now',
  });
}
