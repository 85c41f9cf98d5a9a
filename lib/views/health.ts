import { getDb } from '@/db/client';
import { readInstance } from '@/db/queries/views/read-instance';

/** Is the web up with its control plane, and which one is it. @throws when the database does not answer */
export const buildHealth = async (): Promise<{ ok: true; instance: string | null }> => ({
  ok: true,
  instance: await readInstance(getDb()),
});
