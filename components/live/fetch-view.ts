import { routes } from '@/lib/shared/routes';
import { liveStatus } from './live-status';
import { readServerClock } from './server-clock';
import { type FactsShown, ViewError } from './view-error';

const isFacts = (value: unknown): value is FactsShown =>
  !!value && typeof value === 'object' && 'code' in value && 'message' in value;

async function ask(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    const answer = await fetch(url, { cache: 'no-store', signal: signal ?? null });
    liveStatus.noteRead(true);
    return answer;
  } catch (error) {
    if (signal?.aborted) throw error;
    liveStatus.noteRead(false);
    throw new ViewError(
      {
        code: 'unexpected',
        message: 'The server did not answer.',
        advice: 'Work continues on it. This page reads again by itself.',
      },
      { cause: error },
    );
  }
}

/** Reads a view. A session that has ended leads to the sign-in page and back here. @throws ViewError what the server answered */
export async function fetchView<T>(name: string, params: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const answer = await ask(routes.view(name, params), signal);
  if (answer.status === 401) {
    const here = `${window.location.pathname}${window.location.search}`;
    window.location.assign(`${routes.signIn()}?next=${encodeURIComponent(here)}`);
  }
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) {
    const facts = body && typeof body === 'object' && 'error' in body ? body.error : body;
    throw new ViewError(
      isFacts(facts)
        ? facts
        : { code: 'unexpected', message: `The server answered ${answer.status}.`, advice: 'Reload the page.' },
    );
  }
  if (body && typeof body === 'object' && 'now' in body && typeof body.now === 'string') readServerClock(body.now);
  return body as T;
}
