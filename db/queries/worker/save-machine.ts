import { eq, sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { worker } from '@/db/schema';
import type { Reader } from '@/db/tx';
import type { MachineReading } from '@/lib/shared/machine-reading';

/** What a worker found on its machine, in place of what it found before. */
export async function saveMachine(db: Db, id: string, machine: MachineReading): Promise<void> {
  await db.update(worker).set({ machine }).where(eq(worker.id, id));
}

/** Asks every worker to read its machine again. */
export async function wakeMachineCheck(db: Reader): Promise<void> {
  await db.execute(sql`select pg_notify('machine_check', '')`);
}
