import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { CutoverError } from '@/lib/errors';

/** The library limits per address; this limits per account, whatever the address. */
const triesPerWindow = 10;
const windowMs = 60_000;

/** Counts one try on an account. @throws CutoverError too_many_tries from the 11th within a minute */
export async function countTry(db: Db, account: string): Promise<void> {
  const key = `account:${account.trim().toLowerCase()}`;
  const now = Date.now();
  const counted = await db.execute<{ count: number; last_request: string }>(sql`
    insert into rate_limit as r (id, key, count, last_request) values (${key}, ${key}, 1, ${now})
    on conflict (key) do update set
      count = case when r.last_request <= ${now - windowMs} then 1 else r.count + 1 end,
      last_request = case when r.last_request <= ${now - windowMs} then ${now} else r.last_request end
    returning count, last_request`);
  const row = counted.rows[0];
  if (!row || row.count <= triesPerWindow) return;
  throw tooManyTries(Math.ceil((Number(row.last_request) + windowMs - now) / 1000));
}

/** A right password: the tries before it no longer count. */
export async function forgetTries(db: Db, account: string): Promise<void> {
  await db.execute(sql`delete from rate_limit where key = ${`account:${account.trim().toLowerCase()}`}`);
}

export const tooManyTries = (seconds: number): CutoverError =>
  new CutoverError({
    code: 'too_many_tries',
    message: 'Too many tries within a minute.',
    advice: `Wait ${Math.max(1, seconds)} s and try again.`,
    retry: 'later',
    facts: { seconds: Math.max(1, seconds) },
  });
