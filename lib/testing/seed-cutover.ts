import { randomUUID } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { attempt, attemptLog, checkpoint, cutover, cutoverEvent, plan } from '@/db/schema';
import type { Db } from '@/db/client';
import { planCutover } from '@/lib/cutover';
import { deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { RowDiffSummary } from '@/lib/shared/evidence';
import type { TestControlPlane, TestPerson } from './control-plane';

export const equalDiff: RowDiffSummary = {
  equal: '206853',
  differing: '0',
  missing: '0',
  extra: '0',
  notCompared: [],
  sample: [],
  holdsAt: 'source snapshot',
  digest: 'd'.repeat(64),
  tables: [
    { table: 'videos', rows: '206853', equal: '206853', differing: '0', missing: '0', extra: '0', rangeDigests: 4 },
  ],
};

export type Seeded = Awaited<ReturnType<typeof seedCutover>>;

/** A planned cutover whose attempts the test writes as the worker would have. */
export async function seedCutover(plane: TestControlPlane, operator: TestPerson, sourceId = 'assets_1') {
  const { db } = plane;
  const { cutoverId } = await planCutover({
    ctx: plane.ctxOf(operator),
    input: {
      system: 'sx',
      sourceId,
      runbook: 'sx-postgres-primary',
      t0: new Date(Date.now() + 3_600_000).toISOString(),
    },
  });
  const end = (state: 'done' | 'failed' | 'running', stepId: string, more: Partial<typeof attempt.$inferInsert> = {}) =>
    insertAttempt(db, cutoverId, stepId, operator.id, state, more);
  return {
    id: cutoverId,
    end,
    plan: (stepId: string, effect: 'read' | 'write' = 'read', loss: RowDiffSummary | null = null) =>
      insertPlan(db, cutoverId, stepId, effect, loss),
    async pass(...stepIds: string[]) {
      for (const stepId of stepIds) {
        const id = await end('done', stepId);
        await addCheckpoint(db, cutoverId, stepId, id, stepId === 'row-diff' ? { rowDiff: equalDiff } : {});
      }
    },
    /** One step of a press, as the worker walks a sequence. */
    async passIn(pressId: string, stepId: string, more: Partial<typeof attempt.$inferInsert> = {}) {
      await addCheckpoint(db, cutoverId, stepId, await end('done', stepId, { pressId, ...more }), {});
    },
    async fail(stepId: string) {
      const id = await end('failed', stepId, {
        error: {
          code: 'value_out_of_range',
          message: '11,503,218,400 does not fit the target column hearts.',
          advice: 'Choose a rule.',
          retry: 'now',
          facts: {},
        },
      });
      await db.insert(attemptLog).values(
        [1, 2].map((seq) => ({
          attemptId: id,
          seq,
          at: new Date(),
          level: 'error',
          stream: 'err',
          text: `line ${seq}`,
        })),
      );
      return id;
    },
    state: (state: typeof cutover.$inferSelect.state, more: Partial<typeof cutover.$inferInsert> = {}) =>
      db
        .update(cutover)
        .set({ state, ...more })
        .where(eq(cutover.id, cutoverId)),
    event: (kind: string) =>
      db.transaction(async (tx) => {
        const [row] = await tx
          .update(cutover)
          .set({ eventSeq: sql`${cutover.eventSeq} + 1` })
          .where(eq(cutover.id, cutoverId))
          .returning({ n: cutover.eventSeq });
        await tx.insert(cutoverEvent).values({ cutoverId, n: row?.n ?? 0, kind, what: {} });
      }),
  };
}

async function insertAttempt(
  db: Db,
  cutoverId: string,
  stepId: string,
  by: string,
  state: 'done' | 'failed' | 'running',
  more: Partial<typeof attempt.$inferInsert>,
): Promise<string> {
  const rows = await loadCutover(db, cutoverId);
  const steps = deriveSteps(rows);
  const step = steps.find((one) => one.id === stepId);
  const basis = Object.fromEntries(
    (step?.place.needs ?? []).flatMap((need) => {
      const green = steps.find((one) => one.id === need)?.greenBy;
      return green ? [[need, green]] : [];
    }),
  );
  await settlePlans(db, cutoverId, stepId);
  const id = randomUUID();
  const now = new Date();
  await db.insert(attempt).values({
    id,
    cutoverId,
    stepId,
    verb: 'run',
    no: rows.attempts.filter((one) => one.stepId === stepId && one.verb === 'run').length + 1,
    state,
    requestedBy: by,
    planDigest: step?.plan?.digest ?? `plan-${stepId}`,
    planMatchedAt: now,
    basis,
    queuedAt: now,
    startedAt: now,
    endedAt: state === 'running' ? null : now,
    ...more,
  });
  return id;
}

/** Plans that nobody is there to make must not stand in the way of a run. */
const settlePlans = (db: Db, cutoverId: string, stepId: string) =>
  db
    .update(attempt)
    .set({ state: 'done', startedAt: new Date(), endedAt: new Date() })
    .where(
      and(
        eq(attempt.cutoverId, cutoverId),
        eq(attempt.stepId, stepId),
        eq(attempt.verb, 'plan'),
        inArray(attempt.state, ['queued']),
      ),
    );

async function insertPlan(
  db: Db,
  cutoverId: string,
  stepId: string,
  effect: 'read' | 'write',
  loss: RowDiffSummary | null,
): Promise<string> {
  await settlePlans(db, cutoverId, stepId);
  const [made] = await db
    .select()
    .from(attempt)
    .where(and(eq(attempt.cutoverId, cutoverId), eq(attempt.stepId, stepId), eq(attempt.verb, 'plan')));
  const attemptId = made?.id ?? randomUUID();
  if (!made)
    await db.insert(attempt).values({
      id: attemptId,
      cutoverId,
      stepId,
      verb: 'plan',
      no: 1,
      state: 'done',
      startedAt: new Date(),
      endedAt: new Date(),
    });
  const digest = `plan-${stepId}`;
  await db.insert(plan).values({
    attemptId,
    cutoverId,
    stepId,
    digest,
    lines: [{ type: 'sql', on: 'target', effect, does: 'Does it.' }],
    loss,
  });
  return digest;
}

async function addCheckpoint(
  db: Db,
  cutoverId: string,
  stepId: string,
  attemptId: string,
  evidence: { rowDiff?: RowDiffSummary },
): Promise<void> {
  await db.insert(checkpoint).values({
    id: randomUUID(),
    cutoverId,
    stepId,
    attemptId,
    key: 'main',
    claim: `${stepId} holds`,
    verdict: 'passed',
    digest: 'c'.repeat(64),
    evidence: { summary: 'as it should be', ...evidence },
  });
}
