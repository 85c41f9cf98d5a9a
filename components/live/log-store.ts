import type { LogPageDto, LogRow } from '@/lib/views/dto';
import { advanceCursor, listenToTopic } from './event-stream';
import { fetchView } from './fetch-view';
import { appendLines, emptyLog, type LogLines } from './log-lines';

/** Lines a page of the view holds; a shorter page is the last one. */
const pageLines = 1_000;

type Entry = {
  log: LogLines;
  loaded: boolean;
  failed: Error | null;
  listeners: Set<() => void>;
  publishing: boolean;
  end: (() => void) | null;
};

const entries = new Map<string, Entry>();

function entryOf(attemptId: string): Entry {
  const kept = entries.get(attemptId);
  if (kept) return kept;
  const entry: Entry = {
    log: emptyLog(),
    loaded: false,
    failed: null,
    listeners: new Set(),
    publishing: false,
    end: null,
  };
  entries.set(attemptId, entry);
  return entry;
}

/** Readers hear of changes at most every 50 ms: a burst of thousands of lines is one drawing. */
function publish(entry: Entry): void {
  if (entry.publishing) return;
  entry.publishing = true;
  setTimeout(() => {
    entry.publishing = false;
    for (const listener of entry.listeners) listener();
  }, 50);
}

const lastSeq = (entry: Entry): number => entry.log.rows.at(-1)?.[0] ?? 0;

/** Reads on from the last line, page by page, until the newest. */
export async function readOn(attemptId: string): Promise<void> {
  const entry = entryOf(attemptId);
  try {
    for (;;) {
      const page = await fetchView<LogPageDto>('log', {
        attemptId,
        after: String(lastSeq(entry)),
        limit: String(pageLines),
      });
      appendLines(entry.log, page.rows);
      entry.log.total = Math.max(entry.log.total, page.total);
      entry.failed = null;
      publish(entry);
      if (page.rows.length < pageLines) break;
    }
  } catch (error) {
    entry.failed = error instanceof Error ? error : new Error(String(error));
  }
  entry.loaded = true;
  advanceCursor(`log:${attemptId}`, lastSeq(entry));
  publish(entry);
}

const isRow = (row: readonly unknown[]): row is LogRow => row.length >= 5 && typeof row[4] === 'string';

/** Lines as they come. The stream's own cursor starts after the pages that were read. */
function followLog(attemptId: string): () => void {
  const entry = entryOf(attemptId);
  return listenToTopic(
    `log:${attemptId}`,
    (rows) => {
      const lines = rows.filter(isRow);
      // Numbers have no gaps: lines before these came while nobody listened.
      if ((lines[0]?.[0] ?? 0) > lastSeq(entry) + 1) void readOn(attemptId);
      else if (appendLines(entry.log, lines) > 0) publish(entry);
    },
    lastSeq(entry),
  );
}

/** Reads what is there and follows what comes, also what was written between the two. @returns ends it */
export function keepUp(attemptId: string): () => void {
  let end: (() => void) | null = null;
  let left = false;
  void readOn(attemptId).then(() => {
    if (left) return;
    end = followLog(attemptId);
    // The open stream may have carried lines past while nobody listened; it does not carry them again.
    void readOn(attemptId);
  });
  return () => {
    left = true;
    end?.();
  };
}

export const logStore = {
  log: (attemptId: string): LogLines => entryOf(attemptId).log,
  loaded: (attemptId: string): boolean => entryOf(attemptId).loaded,
  failed: (attemptId: string): Error | null => entryOf(attemptId).failed,
  subscribe(attemptId: string, listener: () => void): () => void {
    const entry = entryOf(attemptId);
    entry.listeners.add(listener);
    return () => entry.listeners.delete(listener);
  },
  /** One number for every visible change. */
  version(attemptId: string): number {
    const entry = entryOf(attemptId);
    return entry.log.version * 4 + (entry.loaded ? 2 : 0) + (entry.failed ? 1 : 0);
  },
};
