import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** The browser's part, as far as the stream uses it. */
class FakeSource {
  static all: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    FakeSource.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
  after(): string | null {
    return new URL(this.url, 'http://x').searchParams.get('after');
  }
}

const page = {
  visibilityState: 'visible',
  heard: new Map<string, () => void>(),
  addEventListener: (name: string, on: () => void) => page.heard.set(name, on),
};
const taken = new Set<string>();
const locks = {
  request: (name: string, _: unknown, use: (lock: object | null) => Promise<void> | void) => {
    if (taken.has(name)) return Promise.resolve(use(null));
    taken.add(name);
    return Promise.resolve(use({})).then(() => void taken.delete(name));
  },
};

const newest = (): FakeSource => {
  const source = FakeSource.all.at(-1);
  if (!source) throw new Error('no stream was opened');
  return source;
};
const say = (source: FakeSource, t: string, ...numbers: number[]) =>
  source.onmessage?.({ data: JSON.stringify({ t, rows: numbers.map((n) => [n, `line ${n}`]) }) });

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  FakeSource.all = [];
  taken.clear();
  page.visibilityState = 'visible';
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', { addEventListener: () => undefined });
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const load = async () => ({ ...(await import('./event-stream')), ...(await import('./live-status')) });

describe('the one stream of a tab', () => {
  it('opens once for all topics and goes on after a break from what it has seen, without doubles', async () => {
    const { listenToTopic, onReopened, liveStatus } = await load();
    const seen: number[] = [];
    let reopened = 0;
    onReopened(() => (reopened += 1));
    listenToTopic('log:a', (rows) => seen.push(...rows.map((row) => row[0])), 100);
    listenToTopic('cutover:c', () => undefined, 7);
    await vi.advanceTimersByTimeAsync(60);
    expect(FakeSource.all.map((source) => source.after())).toEqual(['cutover:c.7,log:a.100']);
    newest().onopen?.();
    say(newest(), 'log:a', 101, 102);
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([FakeSource.all.length, newest().after()]).toEqual([2, 'cutover:c.7,log:a.102']);
    newest().onopen?.();
    say(newest(), 'log:a', 102, 103);
    expect([seen, reopened, liveStatus.get().kind]).toEqual([[101, 102, 103], 1, 'live']);
  });

  it('takes silence for a lost connection, and says since when it has heard nothing', async () => {
    const { listenToTopic, liveStatus } = await load();
    listenToTopic('fleet', () => undefined);
    await vi.advanceTimersByTimeAsync(60);
    const half = newest();
    half.onopen?.();
    await vi.advanceTimersByTimeAsync(30_000);
    vi.setSystemTime('2026-11-21T02:13:04.000Z');
    half.onmessage?.({ data: '{"t":"ping","rows":[]}' });
    await vi.advanceTimersByTimeAsync(39_000);
    expect(liveStatus.get().kind).toBe('live');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(liveStatus.get()).toEqual({ kind: 'lost', since: '2026-11-21T02:13:04.000Z' });
    await vi.advanceTimersByTimeAsync(1_500);
    expect([half.closed, newest() !== half]).toEqual([true, true]);
    newest().onopen?.();
    expect(liveStatus.get().kind).toBe('live');
  });

  it('says since when updates are lost, and only once they really are', async () => {
    const { listenToTopic, liveStatus } = await load();
    vi.setSystemTime('2026-11-21T02:13:04.000Z');
    listenToTopic('fleet', () => undefined);
    await vi.advanceTimersByTimeAsync(60);
    newest().onopen?.();
    vi.setSystemTime('2026-11-21T02:13:04.000Z');
    newest().onerror?.();
    expect(liveStatus.get().kind).toBe('live');
    for (let tries = 0; tries < 3; tries += 1) {
      await vi.advanceTimersByTimeAsync(2_000);
      newest().onerror?.();
    }
    expect(liveStatus.get()).toEqual({ kind: 'lost', since: '2026-11-21T02:13:04.000Z' });
  });

  it('closes while the tab is hidden and gives its slot to another tab', async () => {
    const { listenToTopic } = await load();
    listenToTopic('fleet', () => undefined);
    await vi.advanceTimersByTimeAsync(60);
    expect(taken.size).toBe(1);
    page.visibilityState = 'hidden';
    page.heard.get('visibilitychange')?.();
    await vi.advanceTimersByTimeAsync(10);
    expect([newest().closed, taken.size]).toEqual([true, 0]);
  });

  it('opens none as a fourth tab, and takes the slot that comes free', async () => {
    for (const name of ['stream-0', 'stream-1', 'stream-2']) taken.add(name);
    const { listenToTopic, liveStatus } = await load();
    listenToTopic('fleet', () => undefined);
    await vi.advanceTimersByTimeAsync(60);
    expect([FakeSource.all.length, liveStatus.get().kind]).toEqual([0, 'polling']);
    taken.delete('stream-1');
    await vi.advanceTimersByTimeAsync(3_100);
    expect(FakeSource.all.length).toBe(1);
  });
});
