import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpoint, fact } from '@/db/schema';
import { confirmOverride } from '@/lib/cutover/confirm-override';
import { overrideStep } from '@/lib/cutover/override-step';
import { lastingFact } from '@/lib/shared/lasting';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { buildWizard } from '@/lib/views/wizard';

let plane: TestControlPlane;
let operator: TestPerson;
let reviewer: TestPerson;
let admin: TestPerson;
beforeAll(async () => {
  plane = await openControlPlane('lasting');
  operator = await plane.addPerson('Olga', 'operator');
  reviewer = await plane.addPerson('Rafael', 'reviewer');
  admin = await plane.addPerson('Ada', 'admin');
});
afterAll(() => plane.close());

const stays = 'What it found stays in the log, so a retry finds it again.';

/** A switched cutover whose log scan found what it found. */
async function scanned(says: string | null) {
  const { id, end, pass, passIn, state, plan } = await seedCutover(plane, operator);
  await state('switched', { switchedAt: new Date() });
  for (const step of ['freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary', 'thaw'])
    await passIn('switch:1', step);
  await pass('plugin-operations');
  const scan = async (value: string | null) => {
    const attemptId = await end('done', 'log-scan');
    const found = {
      id: attemptId,
      cutoverId: id,
      stepId: 'log-scan',
      attemptId,
      key: 'log',
      digest: '0',
      at: new Date(),
    };
    const evidence = { summary: 'GET /items 500: 78 answers of a kind the baseline lacks' };
    await plane.db.insert(checkpoint).values({ ...found, claim: 'No new kind', verdict: 'failed', evidence });
    if (value !== null)
      await plane.db.insert(fact).values({ cutoverId: id, stepId: 'log-scan', name: lastingFact, attemptId, value });
  };
  await scan(says);
  await plan('log-scan');
  return { id, scan, state, view: () => buildWizard(plane.ctxOf(operator), { cutoverId: id, stepId: 'log-scan' }) };
}

it('leads with no retry where what was found cannot go away, and names the ways on', async () => {
  const { id, scan, state, view } = await scanned(stays);
  const { next, step } = await view();
  expect([next.lead, next.act]).toEqual(['Log scan failed.', null]);
  expect(next.rest).toContain(stays);
  expect(next.after?.lead).toBe('Next: override with a second person, or roll back.');
  expect(step.moves.at(-1)).toMatchObject({ act: 'retry', consequence: stays });

  await overrideStep({
    ctx: plane.ctxOf(admin),
    input: { cutoverId: id, stepId: 'log-scan', reason: 'the outage was ended', typedId: 'assets_1' },
  });
  const waits = await view();
  expect(waits.next).toMatchObject({ rest: 'Waits for a second person for the override.', act: null, after: null });
  await confirmOverride({ ctx: plane.ctxOf(reviewer), input: { cutoverId: id, stepId: 'log-scan' } });
  expect((await view()).next.rest).not.toContain('second person');
  // A later attempt that does not say so may be mended by a retry.
  await scan(null);
  expect((await view()).next.act).toMatchObject({ act: 'retry' });
  await state('abandoned');
});
