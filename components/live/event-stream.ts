import { liveStatus } from './live-status';
import { serverNowMs } from '@/components/ui/server-clock';
import { holdSlot } from './stream-slot';
import { type Batch, newRows, parseBatch, reopenDelayMs, streamUrl } from './topics';

type Listener = (rows: Batch['rows']) => void;

const topics = new Map<string, Set<Listener>>();
const cursors = new Map<string, number>();
const reopened = new Set<() => void>();

let source: EventSource | null = null;
let openTopics = '';
let tries = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
let lostAtMs: number | null = null;
let started = false;
let hadBreak = false;
let silence: ReturnType<typeof setTimeout> | null = null;

/** The server pings every 15 s; a connection that is silent for longer is lost, whatever the browser thinks of it. */
const silentMs = 40_000;

const isHidden = (): boolean => document.visibilityState === 'hidden';
const wanted = (): string[] => [...topics.keys()].sort();

function closeSource(): void {
  if (silence) clearTimeout(silence);
  source?.close();
  source = null;
  openTopics = '';
}

function schedule(ms: number): void {
  if (timer) clearTimeout(timer);
  timer = setTimeout(() => {
    timer = null;
    void settle();
  }, ms);
}

function receive(text: string): void {
  const batch = parseBatch(text);
  if (!batch) return;
  const rows = newRows(batch, cursors.get(batch.t) ?? 0);
  const last = rows.at(-1);
  const listeners = topics.get(batch.t);
  // Rows that nobody hears are not seen: whoever listens next gets them.
  if (!last || !listeners) return;
  cursors.set(batch.t, last[0]);
  for (const listener of listeners) listener(rows);
}

function onSign(): void {
  if (silence) clearTimeout(silence);
  const heardAtMs = serverNowMs();
  silence = setTimeout(() => onGone(heardAtMs), silentMs);
}

/** Known to be lost, so that nobody waits for further tries to be told. */
function onGone(sinceMs: number): void {
  lostAtMs ??= sinceMs;
  liveStatus.lose(lostAtMs);
  onBreak();
}

function onBreak(): void {
  closeSource();
  hadBreak = true;
  tries += 1;
  lostAtMs ??= serverNowMs();
  // A web process that is restarted is back within a second; only a longer break is worth a strip.
  if (tries > 2) liveStatus.lose(lostAtMs);
  schedule(reopenDelayMs(tries, Math.random()));
}

function onOpen(): void {
  tries = 0;
  lostAtMs = null;
  liveStatus.set('live');
  if (hadBreak) for (const listener of reopened) listener();
  hadBreak = false;
}

/** Brings the one connection to what the page wants now: shown or hidden, with or without a slot, these topics. */
async function settle(): Promise<void> {
  if (isHidden() || topics.size === 0) {
    hadBreak ||= source !== null;
    closeSource();
    holdSlot.release();
    return;
  }
  const held = await holdSlot.take();
  if (isHidden()) return schedule(0);
  if (!held) {
    if (liveStatus.get().kind !== 'lost') liveStatus.set('polling');
    schedule(3_000);
    return;
  }
  const list = wanted();
  if (source && openTopics === list.join(',')) return;
  closeSource();
  openTopics = list.join(',');
  const opening = new EventSource(streamUrl(list, cursors));
  source = opening;
  onSign();
  opening.onopen = () => {
    if (source !== opening) return;
    onSign();
    onOpen();
  };
  opening.onmessage = (event: MessageEvent<string>) => {
    if (source !== opening) return;
    onSign();
    receive(event.data);
  };
  opening.onerror = () => source === opening && onBreak();
}

function start(): void {
  if (started) return;
  started = true;
  document.addEventListener('visibilitychange', () => schedule(0));
  window.addEventListener('pagehide', () => {
    closeSource();
    holdSlot.release();
  });
  window.addEventListener('pageshow', () => schedule(0));
  window.addEventListener('offline', () => source && onGone(serverNowMs()));
  window.addEventListener('online', () => schedule(0));
}

/**
 * Listens to one topic. All topics of a tab share one stream, which is opened anew with the cursors in memory when the
 * set changes or the connection breaks.
 * @param cursor number of the last row the page already shows
 */
export function listenToTopic(topic: string, listener: Listener, cursor = 0): () => void {
  start();
  const listeners = topics.get(topic) ?? new Set<Listener>();
  if (!topics.has(topic)) cursors.set(topic, Math.max(cursor, cursors.get(topic) ?? 0));
  listeners.add(listener);
  topics.set(topic, listeners);
  schedule(50);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
    schedule(50);
  };
}

/** Where a topic stands; a store that read rows by another way moves it on. */
export const advanceCursor = (topic: string, cursor: number): void => {
  cursors.set(topic, Math.max(cursor, cursors.get(topic) ?? 0));
};

/** Called when the stream is back after a break: what was read before may be old. */
export function onReopened(listener: () => void): () => void {
  reopened.add(listener);
  return () => reopened.delete(listener);
}
