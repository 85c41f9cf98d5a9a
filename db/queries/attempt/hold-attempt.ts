import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/tx';

/** The fence of every write for an attempt: true while this epoch holds it, kept so until the transaction ends. */
export async function holdAttempt(tx: Tx, id: string, epoch: number): Promise<boolean> {
  const rows = await tx.execute(sql`select 1 from attempt where id = ${id} and epoch = ${epoch}
    and state in ('running', 'checking', 'cancelling') for no key update`);
  return rows.rows.length > 0;
}
