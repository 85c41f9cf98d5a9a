import type { ServiceEntry } from '@/lib/fleet/schema';
import type { StepContext } from '@/lib/steps/step';
import type { BackendChange } from './change-backend';
import { surfacesIn } from './surfaces';

/** A start that changes no backend: the service comes up held, on the side it is on. */
export const restartAsItIs = (ctx: StepContext, service: ServiceEntry): BackendChange => ({
  mode: ctx.runbook.to,
  surfaces: surfacesIn(ctx, service),
  together: true,
  unset: [],
  restartOnly: true,
});
