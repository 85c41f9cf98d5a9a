import { getDb } from '@/db/client';
import { readInstance } from '@/db/queries/views/read-instance';
import { answerJson } from '@/lib/views/answer';

export const dynamic = 'force-dynamic';

/** For the launcher and probes, without a session: is the web up with its control plane, and which console is it. */
export async function GET(): Promise<Response> {
  return answerJson(async () => ({ ok: true, instance: await readInstance(getDb()) }));
}
