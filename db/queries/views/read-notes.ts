import { and, asc, eq } from 'drizzle-orm';
import { note, user } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Notes of a cutover, or those on one of its steps, oldest first. */
export const readNotes = (db: Reader, cutoverId: string, stepId?: string) =>
  db
    .select({ id: note.id, stepId: note.stepId, text: note.text, at: note.at, by: user.name })
    .from(note)
    .innerJoin(user, eq(user.id, note.by))
    .where(and(eq(note.cutoverId, cutoverId), stepId === undefined ? undefined : eq(note.stepId, stepId)))
    .orderBy(asc(note.at));
