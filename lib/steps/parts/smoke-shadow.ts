import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { snapshotSqlite } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { sourceWords } from '@/lib/fleet/source-files';
import { type Shadow, shadowOverlay, withShadow } from '@/lib/services/shadow';
import type { PlanLine } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { firstService, headersOf, liveSource, secretOf } from './places';
import type { ScratchTarget } from './scratch-target';
import { surfacesIn } from './surfaces';

type Options = {
  env: Record<string, string>;
  scratch: ScratchTarget | undefined;
  /** A copy of the source: the shadow then runs in the source's mode, on it. */
  copy?: string | undefined;
};

/** Runs work against a shadow in the target mode, on the profile's target or on a throw-away one; or on a copy of the source. */
export function onShadow(
  ctx: StepContext,
  { env, scratch, copy }: Options,
  work: (shadow: Shadow) => Promise<void>,
): Promise<void> {
  const service = firstService(ctx);
  const options = {
    mode: copy ? ctx.runbook.from : ctx.runbook.to,
    surfaces: surfacesIn(ctx, service),
    headers: headersOf(ctx),
    sourceId: ctx.profile.source_id,
    workDir: ctx.workDir,
    secret: scratch?.secret ?? secretOf(ctx),
    env: { ...env, ...scratch?.env(service), ...(copy ? { [sourceVariable(service)]: copy } : {}) },
    signal: ctx.signal,
  };
  return withShadow(service, options, (shadow) => {
    ctx.log('info', `Shadow of ${service.name} at ${shadow.url}, pid ${shadow.pid}`);
    return work(shadow);
  });
}

/** @throws CutoverError runbook_invalid */
export function sourceVariable(service: ServiceEntry): string {
  const name = service.shadow?.source_variable;
  if (name) return name;
  throw new CutoverError({
    code: 'runbook_invalid',
    message: `The shadow of ${service.name} cannot be led to a copy of the source.`,
    advice: 'Name the variable of the source file as source_variable of its shadow in the fleet file.',
  });
}

/** One committed state of the live file, in the attempt's own folder. @throws CutoverError runbook_invalid | source_* */
export async function copyForShadow(ctx: StepContext): Promise<string> {
  if (ctx.profile.source.kind !== 'sqlite-file')
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${ctx.step.id} runs on a copy of one SQLite file; the source of ${ctx.profile.source_id} is another kind.`,
      advice: 'Take source: copy out of the step.',
    });
  const to = path.join(ctx.workDir, `copy-${randomUUID()}.sqlite`);
  await snapshotSqlite({ source: liveSource(ctx), to, signal: ctx.signal });
  return to;
}

export const copyLine = (ctx: StepContext): PlanLine => ({
  type: 'file',
  on: 'source',
  effect: 'read',
  does: `Copies the source through the backup API; the shadow of ${firstService(ctx).name} works on the copy alone, which goes with the attempt.`,
  text: sourceWords(ctx.profile),
  undo: 'nothing to undo',
});

export function shadowLine(ctx: StepContext, env: Record<string, string>, onCopy = false): PlanLine {
  const service = firstService(ctx);
  const mode = onCopy ? ctx.runbook.from : ctx.runbook.to;
  const overlay = {
    ...shadowOverlay(service, mode, '<free port>', '<attempt>/service.log', surfacesIn(ctx, service)),
    ...(onCopy ? { [sourceVariable(service)]: '<attempt>/copy.sqlite' } : {}),
    ...env,
  };
  return {
    type: 'command',
    on: 'service',
    effect: 'write',
    does: `Starts a shadow of ${service.name} in ${mode}, on a port and a log of its own; it is always stopped at the end.`,
    text: [
      ...Object.entries(overlay).map(([name, value]) => `${name}=${value}`),
      service.shadow?.argv.join(' ') ?? '',
    ].join('\n'),
    undo: 'stopped at the end of the step, also after a failure',
  };
}
