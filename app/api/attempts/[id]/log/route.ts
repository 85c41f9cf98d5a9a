import { requireSession } from '@/lib/auth/require-session';
import { errorAnswer } from '@/lib/views/answer';
import { openLogFile } from '@/lib/views/log-file';

export const dynamic = 'force-dynamic';

/** The whole log of an attempt as a text file. */
export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  try {
    const ctx = await requireSession();
    const { name, body } = await openLogFile(ctx, (await params).id);
    return new Response(body, {
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-disposition': `attachment; filename="${name}"`,
      },
    });
  } catch (thrown) {
    return errorAnswer(thrown);
  }
}
