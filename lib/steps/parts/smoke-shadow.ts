import { type Shadow, shadowOverlay, withShadow } from '@/lib/services/shadow';
import type { PlanLine } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { firstService, headersOf, secretOf } from './places';
import type { ScratchTarget } from './scratch-target';
import { surfacesIn } from './surfaces';

type Options = { env: Record<string, string>; scratch: ScratchTarget | undefined };

/** Runs work against a shadow in the target mode, on the profile's target or on a throw-away one. */
export function onShadow(
  ctx: StepContext,
  { env, scratch }: Options,
  work: (shadow: Shadow) => Promise<void>,
): Promise<void> {
  const service = firstService(ctx);
  const options = {
    mode: ctx.runbook.to,
    surfaces: surfacesIn(ctx, service),
    headers: headersOf(ctx),
    sourceId: ctx.profile.source_id,
    workDir: ctx.workDir,
    secret: scratch?.secret ?? secretOf(ctx),
    env: { ...env, ...scratch?.env(service) },
    signal: ctx.signal,
  };
  return withShadow(service, options, (shadow) => {
    ctx.log('info', `Shadow of ${service.name} at ${shadow.url}, pid ${shadow.pid}`);
    return work(shadow);
  });
}

export function shadowLine(ctx: StepContext, env: Record<string, string>): PlanLine {
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
