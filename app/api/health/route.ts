import { answerJson } from '@/lib/views/answer';
import { buildHealth } from '@/lib/views/health';

export const dynamic = 'force-dynamic';

/** For the launcher and probes, without a session. */
export async function GET(): Promise<Response> {
  return answerJson(buildHealth);
}
