import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { saveReading } from '@/db/queries/profile/save-reading';
import { plan, profileReading, profileState } from '@/db/schema';
import { signOff } from '@/lib/cutover';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { healthyReading } from '@/lib/testing/healthy-reading';
import { seedCutover, type Seeded } from '@/lib/testing/seed-cutover';
import { buildCutovers } from '@/lib/views/cutovers';
import { buildFleet } from '@/lib/views/fleet';
import { buildReviews } from '@/lib/views/reviews';
import { buildWizard } from '@/lib/views/wizard';

let plane: TestControlPlane;
let operator: TestPerson;
let reviewer: TestPerson;
let seeded: Seeded;
beforeAll(async () => {
  plane = await openControlPlane('trouble');
  operator = await plane.addPerson('Olga', 'operator');
  reviewer = await plane.addPerson('Rafael', 'reviewer');
});
afterAll(() => plane.close());
beforeEach(async () => {
  await seeded?.state('abandoned');
  await plane.db.delete(profileState);
  await plane.db.delete(profileReading);
  seeded = await seedCutover(plane, operator);
  await seeded.state('open');
});

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
/** One look of the worker at the service. */
const look = (seconds: number, more: Partial<Parameters<typeof saveReading>[1]> = {}) =>
  saveReading(plane.db, {
    ...healthyReading,
    at: ago(seconds),
    ...more,
  });
const broken = {
  observed: null,
  healthy: false,
  cause: '/health answered 503.',
  instances: [{ url: 'http://127.0.0.1:8000', status: 503 }],
};
const down = { ...broken, instances: [{ url: 'http://127.0.0.1:8000', status: null }], cause: 'It is not running.' };
const onTarget = { declared: 'POSTGRES_PRIMARY', observed: 'POSTGRES_PRIMARY' };
const view = () => buildWizard(plane.ctxOf(operator), { cutoverId: seeded.id });

const took = (from: number, to: number) => ({ startedAt: ago(from), planMatchedAt: ago(from), endedAt: ago(to) });
const press = ['freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary', 'thaw'];
/** Users were let through so many seconds ago. */
async function switched(end = 40) {
  for (const step of press) await seeded.passIn('switch:1', step, took(end + 5, end));
  await seeded.state('switched', { switchedAt: ago(end), frozenMs: 2_400 });
}

it('says of a switched service that fails, before anything else, since when and how to go back, and lets nobody through', async () => {
  await switched();
  await look(20, onTarget);
  const well = await view();
  expect([well.next.trouble, well.strip?.sub]).toEqual([undefined, 'Users are let through on POSTGRES_PRIMARY.']);
  const since = ago(15);
  await look(0, { ...onTarget, ...broken, at: since });
  await look(2, { ...onTarget, ...broken });
  const { next, strip, badge } = await view();
  expect(next.trouble).toEqual({
    glyph: 'failed',
    lead: 'The service is not healthy; users may be failing.',
    rest: expect.stringMatching(
      new RegExp(
        `^/health answered 503\\. Since ${since.toISOString()}\\. Read \\d s ago\\. Roll back… returns to SQLITE\\.$`,
      ),
    ),
    href: '/profiles/sx/assets_1',
  });
  expect(strip).toMatchObject({ title: 'assets_1 was switched to POSTGRES_PRIMARY', troubled: true });
  expect(strip?.sub).not.toContain('let through');
  expect(badge).toMatchObject({ text: 'switched', service: { glyph: 'failed', text: 'service not healthy' } });
  expect(badge.glyph).not.toBe('failed');
  const row = (await buildFleet(plane.ctxOf(operator))).rows.find(({ sourceId }) => sourceId === 'assets_1');
  expect(row?.status.detail).toContain('/health answered 503.');
});

it('leads with no press that writes to a service whose users may be failing, in the list as on the page', async () => {
  await switched();
  await seeded.plan('plugin-operations', 'write');
  await plane.db
    .update(plan)
    .set({ lines: [{ type: 'http', on: 'service', effect: 'write', does: 'Writes a note.', undo: 'deleted' }] })
    .where(and(eq(plan.cutoverId, seeded.id), eq(plan.stepId, 'plugin-operations')));
  await look(20, onTarget);
  expect((await view()).next.act).toMatchObject({ act: 'run', stepId: 'plugin-operations', disabledReason: null });
  await look(2, { ...onTarget, ...down });
  const { next, exit, extra } = await view();
  expect(next.act).toBeNull();
  expect(next.after?.lead).toBe('It writes to the service: press it once that answers again.');
  expect([exit?.act, extra.some(({ act }) => act === 'run')]).toEqual(['rollback', true]);
  const row = (await buildCutovers(plane.ctxOf(operator))).open.find(({ id }) => id === seeded.id);
  expect(row?.headline).toContain(next.after?.lead);
});

it('never takes another mode, an unknown one or an old reading for a passed one', async () => {
  await switched(90);
  const told = async (more: Parameters<typeof look>[1], seconds = 2) => {
    await plane.db.delete(profileState);
    await look(seconds, more);
    return (await view()).next.trouble;
  };
  expect(await told({ declared: 'POSTGRES_PRIMARY' })).toMatchObject({
    glyph: 'drift',
    rest: expect.stringContaining('Declared POSTGRES_PRIMARY, observed SQLITE.'),
  });
  // The env file was put back as well: they agree, but not on what the switch left.
  expect((await told({}))?.lead).toBe('The service is not on POSTGRES_PRIMARY.');
  expect(await told({ ...onTarget, observed: null })).toMatchObject({ glyph: 'unknown' });
  expect(await told({ ...onTarget, ...down })).toMatchObject({
    glyph: 'failed',
    lead: expect.stringMatching(/answer;/),
  });
  expect((await told(onTarget, 300))?.rest).toContain('last read 5 min ago');
  expect(await told(onTarget)).toBeUndefined();
  await plane.db.delete(profileState);
  expect((await view()).next.trouble?.rest).toBe('No worker has read it yet.');
});

it('is silent while a press holds and restarts the service, and about what was read before it was over', async () => {
  await look(2, down);
  expect((await view()).next.trouble?.lead).toBe('The service does not answer; users may be failing.');
  const held = took(5, 4);
  await seeded.passIn('switch:1', 'freeze', held);
  await seeded.end('running', 'fence', { pressId: 'switch:1' });
  expect((await view()).next.trouble).toBeUndefined();
  await seeded.state('abandoned');
  seeded = await seedCutover(plane, operator);
  for (const step of press) await seeded.passIn('switch:1', step, held);
  await seeded.state('switched', { switchedAt: ago(4), frozenMs: 2_400 });
  await look(3, down);
  expect((await view()).next.trouble).toBeUndefined();
});

it('calls nothing ready to switch while its service is down', async () => {
  await seeded.pass('preflight', 'snapshot-source', 'export-userdata', 'snapshot-target', 'baseline', 'bootstrap');
  await seeded.pass('import', 'row-diff', 'load-check', 'smoke');
  const { selected } = await buildReviews(plane.ctxOf(reviewer), { cutoverId: seeded.id });
  const seen = { cutoverId: seeded.id, stepId: 'sign-off', fingerprint: selected?.fingerprint ?? '' };
  await signOff({ ctx: plane.ctxOf(reviewer), input: { ...seen, decision: 'signed' } });
  await seeded.plan('freeze', 'write');
  await look(2);
  expect((await view()).badge.text).toBe('ready to switch');
  await look(1, down);
  expect((await view()).badge).toEqual({
    glyph: 'ready',
    text: 'open',
    service: { glyph: 'failed', text: 'service does not answer' },
  });
});

it('counts a profile in its cutover and among the unknown, and says of its step what its page says, whoever asks', async () => {
  const admin = await plane.addPerson('Ada', 'admin');
  await seeded.pass('preflight', 'snapshot-source', 'export-userdata', 'snapshot-target', 'baseline');
  await seeded.plan('bootstrap', 'write');
  await look(1, { observed: null, cause: 'It did not say.' });
  const fleet = await buildFleet(plane.ctxOf(operator));
  const counted = Object.fromEntries(fleet.counters.map(({ group, count, detail }) => [group, { count, detail }]));
  expect(counted.in_cutover).toEqual({ count: 1, detail: '1 of unknown mode' });
  expect(counted.unknown?.count).toBeGreaterThan(0);
  await plane.db.delete(profileState);
  await look(1);
  for (const person of [operator, admin]) {
    const ctx = plane.ctxOf(person);
    const { next } = await buildWizard(ctx, { cutoverId: seeded.id });
    const row = (await buildFleet(ctx)).rows.find(({ sourceId }) => sourceId === 'assets_1');
    expect(row?.status.detail).toContain(`${next.lead} ${next.rest}`);
    expect(next.lead).not.toContain('plan');
  }
});
