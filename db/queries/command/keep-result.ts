import { eq } from 'drizzle-orm';
import { command } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

export async function keepResult(tx: Tx, key: string, result: Json): Promise<void> {
  await tx.update(command).set({ result }).where(eq(command.key, key));
}
