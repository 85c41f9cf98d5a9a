import { z } from 'zod';
import type { SessionContext } from '@/lib/auth/actor';
import { CutoverError } from '@/lib/errors';
import { buildAdmin } from './admin';
import { buildAudit } from './audit';
import { buildCutovers } from './cutovers';
import { buildDecision } from './decision';
import { buildFleet } from './fleet';
import { buildLogPage } from './log-page';
import { buildLostRows } from './lost-rows';
import { buildMove, buildMoveChoice } from './move';
import { buildNewCutover } from './new-cutover';
import { buildProfile } from './profile';
import { buildReviews } from './reviews';
import { buildRunbook } from './runbook';
import { buildRunbooks } from './runbooks';
import { buildShell } from './shell';
import { buildWizard } from './wizard';

const id = z.string().min(1).max(200);
const number = z.coerce.number().int().nonnegative();
const list = z
  .string()
  .max(200)
  .transform((text) => text.split(',').filter(Boolean));
const none = z.object({});

type Answer = (ctx: SessionContext, query: URLSearchParams) => Promise<unknown>;
const view =
  <P extends z.ZodType>(params: P, build: (ctx: SessionContext, params: z.output<P>) => Promise<unknown>): Answer =>
  (ctx, query) =>
    build(ctx, params.parse(Object.fromEntries(query)));

const views: Record<string, Answer> = {
  fleet: view(none, buildFleet),
  profile: view(z.object({ system: id, sourceId: id }), buildProfile),
  cutovers: view(none, buildCutovers),
  'new-cutover': view(none, buildNewCutover),
  move: view(none, buildMove),
  'move-choice': view(z.object({ fileId: id, dsnName: id.optional(), schema: id.optional() }), buildMoveChoice),
  wizard: view(z.object({ cutoverId: id, stepId: id.optional() }), buildWizard),
  decision: view(
    z.object({
      cutoverId: id,
      stepId: id.optional(),
      act: z.enum(['switch', 'repair', 'rollback', 'data-rollback', 'close', 'abandon', 'override']),
    }),
    buildDecision,
  ),
  reviews: view(z.object({ cutoverId: id.optional(), stepId: id.optional() }), buildReviews),
  audit: view(
    z.object({
      before: number.optional(),
      profile: id.optional(),
      act: id.optional(),
      role: id.optional(),
      search: z.string().max(200).optional(),
    }),
    buildAudit,
  ),
  admin: view(none, buildAdmin),
  runbooks: view(none, buildRunbooks),
  runbook: view(z.object({ name: id }), buildRunbook),
  shell: view(none, buildShell),
  log: view(
    z.object({
      attemptId: id,
      after: number.optional(),
      before: number.optional(),
      limit: number.max(5_000).optional(),
      levels: list.optional(),
      search: z.string().max(200).optional(),
    }),
    buildLogPage,
  ),
  'lost-rows': view(z.object({ cutoverId: id }), buildLostRows),
};

/** The same object as the page's first render. @throws CutoverError view_unknown; ZodError for wrong parameters */
export async function readView(ctx: SessionContext, name: string, query: URLSearchParams): Promise<unknown> {
  const build = Object.hasOwn(views, name) ? views[name] : undefined;
  if (!build)
    throw new CutoverError({
      code: 'view_unknown',
      message: `There is no view '${name.slice(0, 60)}'.`,
      advice: 'Reload the page.',
    });
  return build(ctx, query);
}
