import { listen, type Listening } from './listen';
import type { ReadTopic } from './read-topic';
import type { TopicRow } from './topics';

export type Subscriber = {
  /** Last number it has seen; the hub moves it on. */
  cursor: number;
  /** False while its connection is full: it is left out of the read and asked again by `nudge`. */
  ready(): boolean;
  send(rows: TopicRow[]): void;
};
type Entry = { subscribers: Set<Subscriber>; reading: boolean; again: boolean };

/** @param foldMs a wake waits this long for others @param pollMs reads everything this often, should a wake be lost */
export type HubOptions = { url: string; read: ReadTopic; foldMs?: number; pollMs?: number; batchRows?: number };
export type Hub = {
  subscribe(topic: string, subscriber: Subscriber): () => void;
  nudge(topic: string): void;
  close(): Promise<void>;
  /** What is held right now; all zero when nobody listens. */
  held(): { topics: number; subscribers: number };
};

/** One listening connection and one reader a topic, whatever the number of tabs. */
export function openHub({ url, read, foldMs = 50, pollMs = 5_000, batchRows = 1_000 }: HubOptions): Hub {
  const topics = new Map<string, Entry>();
  let listening: Listening | null = null;
  let folded: NodeJS.Timeout | null = null;
  let poll: NodeJS.Timeout | null = null;

  const wakeAll = () => {
    folded = null;
    for (const topic of topics.keys()) void drain(topic);
  };
  const wake = () => {
    folded ??= setTimeout(wakeAll, foldMs);
  };

  async function readOnce(topic: string, entry: Entry): Promise<boolean> {
    const ready = [...entry.subscribers].filter((each) => each.ready());
    if (ready.length === 0) return false;
    const rows = await read(topic, Math.min(...ready.map(({ cursor }) => cursor)), batchRows);
    const last = rows.at(-1)?.[0] ?? 0;
    for (const each of ready) {
      const fresh = rows.filter(([n]) => n > each.cursor);
      if (fresh.length === 0 || !entry.subscribers.has(each)) continue;
      each.cursor = last;
      each.send(fresh);
    }
    return rows.length === batchRows;
  }

  async function drain(topic: string): Promise<void> {
    const entry = topics.get(topic);
    if (!entry) return;
    if (entry.reading) {
      entry.again = true;
      return;
    }
    entry.reading = true;
    try {
      do entry.again = (await readOnce(topic, reset(entry))) || entry.again;
      while (entry.again && entry.subscribers.size > 0);
    } catch {
      // The database is away: the poll reads again, and the page shows the age of what it has.
    } finally {
      entry.reading = false;
    }
  }

  function start(): void {
    listening ??= listen(url, wake);
    poll ??= setInterval(wakeAll, pollMs);
  }
  function stop(): Promise<void> {
    const open = listening;
    listening = null;
    if (poll) clearInterval(poll);
    if (folded) clearTimeout(folded);
    poll = folded = null;
    return open?.close() ?? Promise.resolve();
  }

  return {
    subscribe(topic, subscriber) {
      const entry = topics.get(topic) ?? { subscribers: new Set(), reading: false, again: false };
      entry.subscribers.add(subscriber);
      topics.set(topic, entry);
      start();
      void drain(topic);
      return () => {
        entry.subscribers.delete(subscriber);
        if (entry.subscribers.size === 0 && topics.get(topic) === entry) topics.delete(topic);
        if (topics.size === 0) void stop();
      };
    },
    nudge: (topic) => void drain(topic),
    close: () => {
      topics.clear();
      return stop();
    },
    held: () => ({
      topics: topics.size,
      subscribers: [...topics.values()].reduce((sum, { subscribers }) => sum + subscribers.size, 0),
    }),
  };
}

/** Wakes that came before a read are answered by it; later ones ask for another. */
function reset(entry: Entry): Entry {
  entry.again = false;
  return entry;
}
