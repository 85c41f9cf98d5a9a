import { asc, sql } from 'drizzle-orm';
import { user } from '@/db/schema';
import type { Reader } from '@/db/tx';

export type Signer = { id: string; name: string; signsAs: string[] };

/** People to whom an admin gave roles of sign-offs and who may sign in, by name. */
export const readSigners = (db: Reader): Promise<Signer[]> =>
  db
    .select({ id: user.id, name: user.name, signsAs: user.signsAs })
    .from(user)
    .where(sql`${user.signsAs} <> '[]' and ${user.banned} is not true`)
    .orderBy(asc(user.name));
