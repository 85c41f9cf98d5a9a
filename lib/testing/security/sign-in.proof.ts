import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { rateLimit } from '@/db/schema';
import { requireSession, sessionOf } from '@/lib/auth/require-session';
import { signIn } from '@/lib/auth/sign-in';
import { browser, cookies } from '@/lib/testing/browser';
import { openControlPlane, password, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';

vi.mock('next/headers', () => import('@/lib/testing/browser'));

let plane: TestControlPlane;
let olga: TestPerson;
beforeAll(async () => {
  plane = await openControlPlane('sign_in');
  olga = await plane.addPerson('Olga', 'operator');
});
afterAll(() => plane.close());
beforeEach(async () => {
  browser.forget();
  await plane.db.delete(rateLimit);
});

const tokenOf = (): string => [...browser.cookies().values()][0] ?? '';

it('a session that was put into a browser before is never the one that a sign-in gives', async () => {
  await signIn({ email: olga.email, password });
  const [name = ''] = browser.cookies().keys();
  const planted = tokenOf();
  browser.forget();
  (await cookies()).set(name, planted);
  await signIn({ email: olga.email, password });
  expect(tokenOf()).not.toBe(planted);
  (await cookies()).set(name, 'made.up');
  await signIn({ email: olga.email, password });
  expect(tokenOf()).not.toBe('made.up');
  expect((await requireSession()).actor.id).toBe(olga.id);
});

it('a session ends by itself after twelve hours, however much it was used', async () => {
  await signIn({ email: olga.email, password });
  const cookie = [...browser.cookies()].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
  const headers = new Headers({ cookie });
  const left = await plane.db.execute<{ hours: string }>(
    sql`select round(extract(epoch from max(expires_at) - now()) / 3600)::text as hours from session`,
  );
  expect(left.rows[0]?.hours).toBe('12');
  expect(await sessionOf(headers)).not.toBeNull();
  await plane.db.execute(sql`update session set expires_at = now() - interval '1 second'`);
  expect(await sessionOf(headers)).toBeNull();
});

const tries = 150;
const quantile = (sorted: number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
const byTime = (a: number, b: number): number => a - b;

it('a wrong password takes as long for a person who exists as for one who does not', async () => {
  const took = { known: [] as number[], unknown: [] as number[] };
  const guess = async (who: 'known' | 'unknown', n: number): Promise<void> => {
    await plane.db.delete(rateLimit);
    const email = who === 'known' ? olga.email : `nobody${n}@example.org`;
    const began = performance.now();
    await signIn({ email, password: `a wrong guess ${n}` }).catch(() => undefined);
    took[who].push(performance.now() - began);
  };
  for (let n = -10; n < tries; n += 1) {
    // Which comes first alternates, so that a slow moment of the machine hits both alike.
    for (const who of n % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) await guess(who, n);
    if (n < 0) took.known.length = took.unknown.length = 0;
  }
  const known = took.known.sort(byTime);
  const unknown = took.unknown.sort(byTime);
  const gapMs = quantile(known, 0.5) - quantile(unknown, 0.5);
  const noiseMs = quantile(known, 0.75) - quantile(known, 0.25);
  /** Share of pairs in which the known one was slower: 0.5 when nothing can be told from the time. */
  const slower = known.reduce((sum, ms) => sum + unknown.filter((other) => ms > other).length, 0) / (tries * tries);
  process.stdout.write(
    `sign-in: ${tries} tries each, medians ${quantile(known, 0.5).toFixed(2)} and ${quantile(unknown, 0.5).toFixed(2)} ms, gap ${gapMs.toFixed(2)} ms, noise ${noiseMs.toFixed(2)} ms, known slower in ${(slower * 100).toFixed(0)} % of pairs\n`,
  );
  expect(Math.abs(gapMs)).toBeLessThan(noiseMs);
  expect(slower).toBeGreaterThan(0.2);
  expect(slower).toBeLessThan(0.8);
}, 180_000);
