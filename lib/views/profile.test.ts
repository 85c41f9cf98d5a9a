import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveMeasure } from '@/db/queries/profile/save-measure';
import { claimDueProfiles } from '@/db/queries/profile/claim-due-profiles';
import { syncPolls } from '@/db/queries/profile/sync-polls';
import { saveReading } from '@/db/queries/profile/save-reading';
import { attempt } from '@/db/schema';
import { fleetNow } from '@/lib/cutover/fleet-now';
import { measureProfile } from '@/lib/services/measure-profile';
import { targetUnreadOf } from '@/lib/services/target-unread';
import type { Json } from '@/lib/shared/json';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { buildProfile } from './profile';

const key = { system: 'sx', sourceId: 'assets_1' };
const reading = {
  ...key,
  declared: 'SQLITE',
  observed: null,
  healthy: false,
  latencyMs: 9,
  cause: '/health answered 503.',
  instances: [
    { url: 'http://127.0.0.1:8000', observed: null, status: 503, latencyMs: 9, error: '/health answered 503.' },
    { url: 'http://127.0.0.1:8001', observed: null, status: null, latencyMs: null, error: 'Refused.' },
  ],
  surfaces: { surfaces: [], stays: [] },
  reach: null,
  at: new Date(),
};
let plane: TestControlPlane;
let operator: TestPerson;
beforeAll(async () => {
  plane = await openControlPlane('profile_view');
  operator = await plane.addPerson('Olga', 'operator');
  await saveReading(plane.db, reading);
});
afterAll(() => plane.close());

const view = () => buildProfile(plane.ctxOf(operator), key);
const counts = [
  { table: 'users', source: '5', target: null },
  { table: 'videos', source: '7', target: '7' },
];
/** What a look at this target finds, with a source that was read. */
async function look(dsn: string, own: typeof counts) {
  const { profile } = (await fleetNow(plane.db)).find(key.system, key.sourceId);
  const measure = await measureProfile(profile, dsn, []);
  await saveMeasure(plane.db, key.system, key.sourceId, {
    ...measure,
    sourceBytes: '4096',
    counts: own,
    registry: measure.registry as unknown as Json,
    error: measure.target.error,
    targetUnread: targetUnreadOf(measure),
  });
  return measure;
}

it('never shows a target that was not reached as an empty one, and keeps since when', async () => {
  const away = counts.map((one) => ({ ...one, target: null }));
  const first = await look('postgres://me@127.0.0.1:1/x', away);
  await look('postgres://me@127.0.0.1:1/x', away);
  const unread = await view();
  expect(unread.targetUnread).toMatchObject({ since: first.at, message: expect.stringContaining('127.0.0.1:1') });
  expect(unread.counts.map(({ difference, equal }) => [difference, equal])).toEqual([
    ['target not read', null],
    ['target not read', null],
  ]);
  // One that was read and holds nothing of a table is told as before.
  await look(plane.url, counts);
  const read = await view();
  expect([read.targetUnread, read.counts[0]?.difference]).toEqual([null, 'not in the target']);
});

it('tells an instance that answered without a mode from one that gave no answer', async () =>
  expect((await view()).instances.map(({ answered, observed }) => [answered, observed])).toEqual([
    [true, null],
    [false, null],
  ]));

it('has counts from before a rollback counted again, and calls them that until then', async () => {
  await saveReading(plane.db, { ...reading, observed: 'SQLITE', healthy: true });
  await look(plane.url, counts);
  expect((await view()).countedBefore).toBeNull();
  const { id, end, state } = await seedCutover(plane, operator);
  await state('open');
  await end('done', 'freeze', { pressId: 'rollback:1', startedAt: new Date(), endedAt: new Date(Date.now() + 5_000) });
  const old = await view();
  expect(old.countedBefore).toMatchObject({ what: 'the rollback' });
  expect(old.counts[1]).toMatchObject({ difference: 'same count then', equal: null });
  await syncPolls(plane.db, [key]);
  expect(await claimDueProfiles(plane.db, 5)).toMatchObject([{ ...key, countAgain: true }]);
  await plane.db
    .update(attempt)
    .set({ endedAt: new Date(0) })
    .where(eq(attempt.cutoverId, id));
  expect((await view()).counts[1]).toMatchObject({ difference: 'same count', equal: true });
  // Nobody knows where users write while the mode is unknown.
  await saveReading(plane.db, reading);
  expect((await view()).counts[1]?.equal).toBeNull();
});
