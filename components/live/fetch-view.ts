import { routes } from '@/lib/shared/routes';
import { liveStatus } from './live-status';
import { readServerClock } from '@/components/ui/server-clock';
import { type FactsShown, ViewError } from './view-error';

const isFacts = (value: unknown): value is FactsShown =>
  !!value && typeof value === 'object' && 'code' in value && 'message' in value;

/** An answer that is longer on its way than this never comes: the next try must not wait for it. */
const longestMs = 20_000;

type Answer = { ok: boolean; status: number; body: unknown };

async function ask(url: string, signal?: AbortSignal): Promise<Answer> {
  const ends = new AbortController();
  const stop = () => ends.abort();
  const timer = setTimeout(stop, longestMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const answer = await fetch(url, { cache: 'no-store', signal: ends.signal });
    // A refusal may come without JSON; an answer that broke off half-way is none.
    const body: unknown = answer.ok ? await answer.json() : await answer.json().catch(() => null);
    liveStatus.noteRead(true);
    return { ok: answer.ok, status: answer.status, body };
  } catch (error) {
    if (signal?.aborted) throw error;
    liveStatus.noteRead(false);
    throw new ViewError(
      {
        code: 'unexpected',
        message: 'The server did not answer.',
        advice: 'Work continues on it. This page reads again by itself.',
      },
      { cause: error, passing: true },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** Reads a view. A session that has ended leads to the sign-in page and back here. @throws ViewError what the server answered */
export async function fetchView<T>(name: string, params: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const answer = await ask(routes.view(name, params), signal);
  if (answer.status === 401) {
    const here = `${window.location.pathname}${window.location.search}`;
    window.location.assign(routes.signIn(here));
  }
  const { body } = answer;
  if (!answer.ok) {
    const facts = body && typeof body === 'object' && 'error' in body ? body.error : body;
    throw new ViewError(
      isFacts(facts)
        ? facts
        : { code: 'unexpected', message: `The server answered ${answer.status}.`, advice: 'Reload the page.' },
      { passing: answer.status >= 500 || answer.status === 429 },
    );
  }
  if (body && typeof body === 'object' && 'now' in body && typeof body.now === 'string') readServerClock(body.now);
  return body as T;
}
