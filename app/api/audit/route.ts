import { requireSession } from '@/lib/auth/require-session';
import { errorAnswer } from '@/lib/views/answer';
import { auditLines } from '@/lib/views/audit-lines';

export const dynamic = 'force-dynamic';

/** The whole chain as NDJSON, oldest first: what a standalone verifier reads. */
export async function GET(): Promise<Response> {
  try {
    const { db } = await requireSession();
    return new Response(auditLines(db), {
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-disposition': 'attachment; filename="audit.ndjson"',
      },
    });
  } catch (thrown) {
    return errorAnswer(thrown);
  }
}
