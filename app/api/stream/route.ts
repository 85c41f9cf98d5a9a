import { requireSession, sessionOf } from '@/lib/auth/require-session';
import { CutoverError } from '@/lib/errors';
import { takePlace } from '@/lib/live/places';
import { enter } from '@/lib/live/presence';
import { eventStream, getHub } from '@/lib/live/stream';
import { parseStreamQuery } from '@/lib/live/topics';
import { errorAnswer } from '@/lib/views/answer';

export const dynamic = 'force-dynamic';

const badTopics = () =>
  new CutoverError({
    code: 'input_invalid',
    message: 'These are no topics of this console, or more than 8.',
    advice: 'Reload the page.',
  });

export async function GET(request: Request): Promise<Response> {
  try {
    const { actor } = await requireSession();
    const cursors = parseStreamQuery(new URL(request.url).searchParams);
    if (!cursors) throw badTopics();
    const leave = takePlace(actor.id);
    const goAway = enter(actor, cursors.keys());
    const body = eventStream({
      hub: getHub(),
      cursors,
      signal: request.signal,
      onEnd: () => {
        leave();
        goAway();
      },
      stillAllowed: async () => ((await sessionOf(request.headers))?.actor.roles.length ?? 0) > 0,
    });
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    });
  } catch (thrown) {
    return errorAnswer(thrown);
  }
}
