import { control } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Id of this control plane, made by its first migration. */
export async function readInstance(db: Reader): Promise<string | null> {
  const found = await db.select({ instance: control.instance }).from(control).limit(1);
  return found[0]?.instance ?? null;
}
