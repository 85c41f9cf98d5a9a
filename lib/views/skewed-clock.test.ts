import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { topicReader } from '@/lib/live/read-topic';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { readView } from './read-view';

let plane: TestControlPlane;
let operator: TestPerson;
const hourMs = 3_600_000;

beforeAll(async () => {
  plane = await openControlPlane('skewed');
  operator = await plane.addPerson('Olga Operator', 'operator', 'reviewer');
  // Only the clock of this process: the database keeps the right one.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hourMs });
});
afterAll(async () => {
  vi.useRealTimers();
  await plane.close();
});

const profile = { system: 'sx', sourceId: 'assets_1' };
const paged = ['shell', 'fleet', 'cutovers', 'reviews', 'audit', 'admin', 'move', 'new-cutover'];
async function nowOf(name: string, params: Record<string, string> = {}): Promise<number> {
  const view = (await readView(plane.ctxOf(operator), name, new URLSearchParams(params))) as { now: string };
  return Date.parse(view.now);
}

it('keeps all pages on the time of the control plane when the web host is an hour ahead', async () => {
  const { id } = await seedCutover(plane, operator, profile.sourceId);
  const wizard = await nowOf('wizard', { cutoverId: id });
  const others = await Promise.all([...paged.map((name) => nowOf(name)), nowOf('profile', profile)]);
  expect(Date.now() - wizard).toBeGreaterThan(hourMs / 2);
  for (const other of others) expect(Math.abs(other - wizard)).toBeLessThan(60_000);
});

it('numbers changes of fleet and inbox by that time too, so that a page misses none', async () => {
  const read = topicReader(plane.db);
  const before = await nowOf('shell');
  const [first] = await read('inbox', 0, 10);
  expect(first?.[0]).toBeGreaterThanOrEqual(before);
  expect(first?.[0]).toBeLessThan(before + 60_000);
});
