import { asc } from 'drizzle-orm';
import { storedProfile } from '@/db/schema';
import type { Reader } from '@/db/tx';

export const listStoredProfiles = (db: Reader) =>
  db.select().from(storedProfile).orderBy(asc(storedProfile.system), asc(storedProfile.sourceId));
