import type { QueryClient } from '@tanstack/react-query';
import { isPassing } from './view-error';

/** Many events at once are one reading. */
const foldMs = 60;
/** A reading that failed is made again after this, later more slowly. */
const [againMs, againAtMostMs] = [1_500, 5_000];

type Given = { client: QueryClient; key: readonly unknown[]; isHidden: () => boolean };
export type ViewReader = {
  /** Something changed: a reading that starts after this call follows for certain. */
  ask(): void;
  /** A look by the clock: nothing when a reading is under way or about to start. */
  look(): void;
  /** A reading failed; it is made again soon if another try may help. */
  failed(): void;
  end(): void;
};

/**
 * Reads one view of the cache again. A reading under way is never cancelled: on a busy server, where a reading takes
 * longer than the next reason to read comes, none would ever end. It is followed by one more instead.
 */
export function openViewReader({ client, key, isHidden }: Given): ViewReader {
  const filter = { queryKey: key, exact: true };
  const joining = { cancelRefetch: false };
  let waiting: ReturnType<typeof setTimeout> | null = null;
  let reading = false;
  let folding = false;
  let asked = false;
  let failures = 0;
  let ended = false;

  function schedule(ms: number): void {
    if (ended) return;
    waiting ??= setTimeout(() => {
      waiting = null;
      folding = false;
      void read();
    }, ms);
  }

  async function readOnce(): Promise<void> {
    // One that began before the change may not hold it.
    if (client.isFetching(filter) > 0) await client.refetchQueries(filter, joining);
    if (!ended) await client.invalidateQueries(filter, joining);
  }

  async function read(): Promise<void> {
    reading = true;
    do {
      asked = false;
      await readOnce();
    } while (asked && !ended);
    reading = false;
    if (client.getQueryState(key)?.status === 'error') failed();
    else failures = 0;
  }

  function failed(): void {
    const error = client.getQueryState(key)?.error;
    if (!error || !isPassing(error) || reading || waiting || isHidden()) return;
    schedule(Math.min(againAtMostMs, againMs * 2 ** failures));
    failures += 1;
  }

  return {
    ask() {
      asked = true;
      if (reading || folding) return;
      if (waiting) clearTimeout(waiting);
      waiting = null;
      folding = true;
      schedule(foldMs);
    },
    look() {
      if (!reading && !waiting && !isHidden() && client.isFetching(filter) === 0) void read();
    },
    failed,
    end() {
      ended = true;
      if (waiting) clearTimeout(waiting);
    },
  };
}
