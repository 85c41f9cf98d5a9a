import { inArray } from 'drizzle-orm';
import { user } from '@/db/schema';
import type { Reader } from '@/db/tx';

export async function readPeopleNames(db: Reader, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.select({ id: user.id, name: user.name }).from(user).where(inArray(user.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
