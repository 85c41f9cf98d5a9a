import { afterEach, expect, it, vi } from 'vitest';

/** The browser's part: the stream that is open, and the server's answer to whoever asks for lines. */
const open: { onmessage: ((event: { data: string }) => void) | null; url: string }[] = [];
class FakeSource {
  onopen = null;
  onerror = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  constructor(readonly url: string) {
    open.push(this);
  }
  close(): void {}
}
let written = 0;
const line = (seq: number) => [seq, '2026-11-21T02:00:00.000Z', 'info', 'out', `line ${seq}`];
const linesAfter = (after: number) => Array.from({ length: written - after }, (_, at) => line(after + at + 1));
const stream = (...numbers: number[]) =>
  open.at(-1)?.onmessage?.({ data: JSON.stringify({ t: 'log:a', rows: numbers.map(line) }) });

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('misses no line that was written while nobody listened for a moment', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => undefined });
  vi.stubGlobal('window', { addEventListener: () => undefined });
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, __: unknown, use: (lock: object) => unknown) => use({}) },
  });
  vi.stubGlobal('fetch', async (url: string) => {
    const after = Number(new URL(url, 'http://x').searchParams.get('after'));
    return Response.json({ rows: linesAfter(after), total: written });
  });
  const { keepUp, logStore } = await import('./log-store');
  const { listenToTopic } = await import('./event-stream');
  const seen = () => logStore.log('a').rows.map(([seq]) => seq);
  const settle = () => vi.advanceTimersByTimeAsync(60);

  written = 3;
  const leave = keepUp('a');
  await settle();
  expect(new URL(open.at(-1)?.url ?? '', 'http://x').searchParams.get('after')).toBe('log:a.3');
  // A step of a switch ends and the page listens anew: what the open stream carries meanwhile is heard by nobody.
  leave();
  keepUp('a');
  written = 5;
  stream(4, 5);
  await settle();
  expect(seen()).toEqual([1, 2, 3, 4, 5]);
  // Another listener of the same topic may have heard more than this log holds.
  listenToTopic('log:a', () => undefined);
  written = 8;
  stream(8);
  await settle();
  expect(seen()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
