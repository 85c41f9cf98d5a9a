import { z } from 'zod';
import { flowFile } from './flow-schema';

const stepId = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case, digits, dashes');

export const runbookStep = z.strictObject({
  id: stepId,
  /** Name of a step kind (a file in lib/steps). */
  kind: stepId,
  title: z.string().optional(),
  why: z.string().optional(),
  planned_seconds: z.number().positive(),
  /** The attempt is ended after this long. */
  limit_seconds: z.number().positive().default(1800),
  /** The making of its plan is ended after this long. (Default: limit_seconds of all steps that the plan covers, but no less than 60 and no more than 600) */
  plan_limit_seconds: z.number().positive().optional(),
  /** Step ids that must be passed, fresh and (if human) signed before this one may start. */
  needs: z.array(stepId).default([]),
  /** Earliest start after T-0, in seconds; the page counts down to it. */
  not_before_seconds_after_switch: z.number().nonnegative().optional(),
  /** true: left out of a cutover that was planned for some surfaces only. */
  whole: z.boolean().optional(),
  /** What a failure offers, in order; every one is a safe move. */
  on_failure: z.array(z.enum(['retry', 'choose-rule', 'repair', 'abandon', 'rollback', 'override'])).default(['retry']),
  params: z.record(z.string(), z.unknown()).default({}),
});

const runbookPhase = z.strictObject({
  id: stepId,
  title: z.string(),
  /** Planned start relative to T-0, seconds; negative before. */
  at_seconds: z.number(),
  /** true: one press runs all its steps in order, and a failure before `point_of_no_return` undoes them in reverse by itself. */
  sequence: z.boolean().default(false),
  steps: z.array(runbookStep).min(1),
});

export const runbookFile = z.strictObject({
  name: stepId,
  version: z.string(),
  title: z.string(),
  summary: z.string(),
  /** Backend modes in the system's own words. */
  from: z.string(),
  to: z.string(),
  /** none: a rollback drops what was written since the switch, and the console says so. */
  way_back: z.enum(['none']),
  freeze_limit_seconds: z.number().positive(),
  /** Surfaces that it moves. (Default: all; a cutover may be planned for some of them where `subset` allows it) */
  surfaces: z.array(z.string()).min(1).optional(),
  subset: z.boolean().optional(),
  phases: z.array(runbookPhase).min(1),
  /** Smoke flows by name; steps of kind smoke and canary name one. */
  flows: z.record(stepId, flowFile).default({}),
  rollbacks: z
    .strictObject({
      /** No steps: a runbook that switches nothing has nothing to switch back. */
      runtime: z
        .strictObject({ title: z.string(), steps: z.array(runbookStep) })
        .default({ title: 'Runtime rollback', steps: [] }),
      data: z.strictObject({ title: z.string(), steps: z.array(runbookStep).min(1) }).optional(),
    })
    .prefault({}),
});

export type Runbook = z.infer<typeof runbookFile>;
export type RunbookStep = z.infer<typeof runbookStep>;
