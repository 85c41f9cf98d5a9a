import { asc } from 'drizzle-orm';
import { user } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Everybody, by name. */
export const readPeople = (db: Reader) =>
  db
    .select({
      id: user.id,
      name: user.name,
      email: user.email,
      role: user.role,
      signsAs: user.signsAs,
      banned: user.banned,
      createdAt: user.createdAt,
    })
    .from(user)
    .orderBy(asc(user.name));
