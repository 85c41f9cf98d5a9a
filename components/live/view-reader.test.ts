import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchView } from './fetch-view';
import { openViewReader } from './view-reader';

const key = ['view', 'wizard', ''];
const start = Date.parse('2026-11-21T13:21:17.000Z');
const since = (): number => Date.now() - start;

let page: ReturnType<typeof showView>;
let hidden = false;
/** What the server does with each request, by its number from 0. */
let serve: (asked: number) => Promise<Response>;
let asked: number[] = [];
const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
const answer = (body: unknown, status = 200): Response => Response.json(body, { status });

/** A page that shows one view: the answer on it was made when its request came. */
function showView() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 30_000 } } });
  const shown: { asked: number; at: number }[] = [];
  const observer = new QueryObserver<{ asked: number }>(client, {
    queryKey: key,
    queryFn: ({ signal }) => fetchView('wizard', {}, signal),
    initialData: { asked: -1 },
  });
  const leave = observer.subscribe(({ data }) => {
    if (data && data.asked >= 0 && shown.at(-1)?.asked !== data.asked) shown.push({ asked: data.asked, at: since() });
  });
  const reader = openViewReader({ client, key, isHidden: () => hidden });
  return { client, shown, reader, leave };
}

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  asked = [];
  hidden = false;
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    const no = asked.push(since()) - 1;
    const made = since();
    const gone = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
    });
    const given = await Promise.race([serve(no), gone]);
    return given.status === 200 ? answer({ asked: made }) : given;
  });
  page = showView();
});
afterEach(() => {
  page.reader.end();
  page.leave();
  page.client.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a view read again', () => {
  it('comes through on a server that answers more slowly than reasons to read come', async () => {
    serve = () => wait(4_000).then(() => answer({}));
    const looking = setInterval(page.reader.look, 2_500);
    const events = setInterval(page.reader.ask, 900);
    await vi.advanceTimersByTimeAsync(20_000);
    clearInterval(looking);
    clearInterval(events);
    expect(page.shown.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...page.shown.map(({ asked: made, at }) => at - made))).toBe(4_000);
  });

  it('ends with an answer made after the last event, also when a reading was under way', async () => {
    serve = () => wait(3_000).then(() => answer({}));
    // Begun by somebody else, a moment before the event.
    void page.client.refetchQueries({ queryKey: key });
    await vi.advanceTimersByTimeAsync(1_000);
    page.reader.ask();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(page.shown.at(-1)?.asked).toBeGreaterThan(1_000);
    expect(asked).toHaveLength(2);
    page.reader.ask();
    await vi.advanceTimersByTimeAsync(2_000);
    page.reader.ask();
    const last = since();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(page.shown.at(-1)?.asked).toBeGreaterThan(last);
    expect(asked).toHaveLength(4);
  });

  it('is one request for many events at once', async () => {
    serve = async () => answer({});
    for (let n = 0; n < 50; n += 1) page.reader.ask();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(1);
  });

  it('tries again within 2 s of a failure while it is seen, and not where another try changes nothing', async () => {
    serve = async (no) =>
      no === 0 ? answer({ error: { code: 'control_unreachable', message: 'away' } }, 503) : answer({});
    page.reader.ask();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([asked.length, page.shown.length]).toEqual([2, 1]);
    serve = async () => answer({ error: { code: 'cutover_unknown', message: 'none' } }, 404);
    page.reader.ask();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toHaveLength(3);
    hidden = true;
    serve = async () => answer(null, 503);
    page.reader.ask();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toHaveLength(4);
  });

  it('gives up an answer that never comes and asks anew', async () => {
    serve = (no) => (no === 0 ? new Promise<Response>(() => undefined) : Promise.resolve(answer({})));
    page.reader.ask();
    await vi.advanceTimersByTimeAsync(22_000);
    expect([asked.length, page.shown.length]).toEqual([2, 1]);
  });
});
