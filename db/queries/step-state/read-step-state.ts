import { and, eq } from 'drizzle-orm';
import { stepState } from '@/db/schema';
import type { Reader } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

export async function readStepState(db: Reader, cutoverId: string, stepId: string, name: string): Promise<Json | null> {
  const [row] = await db
    .select({ value: stepState.value })
    .from(stepState)
    .where(and(eq(stepState.cutoverId, cutoverId), eq(stepState.stepId, stepId), eq(stepState.name, name)));
  return row?.value ?? null;
}
