import { requireSession } from '@/lib/auth/require-session';
import { answerJson } from '@/lib/views/answer';
import { readView } from '@/lib/views/read-view';

export const dynamic = 'force-dynamic';

export async function GET(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  return answerJson(async () => {
    const ctx = await requireSession();
    return readView(ctx, (await params).name, new URL(request.url).searchParams);
  });
}
