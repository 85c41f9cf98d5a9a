import { serverNowMs } from '@/components/ui/server-clock';

/** How this tab learns of changes: by its stream, by slow reads (three other tabs hold the streams), or not at all. */
export type LiveStatus =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'polling' }
  | { kind: 'lost'; since: string };

const connecting: LiveStatus = { kind: 'connecting' };
let status: LiveStatus = connecting;
/** This tab has no stream of its own, so its reads say whether the server answers. */
let reads = false;
const listeners = new Set<() => void>();

function publish(next: LiveStatus): void {
  status = next;
  for (const listener of listeners) listener();
}

export const liveStatus = {
  get: (): LiveStatus => status,
  onServer: (): LiveStatus => connecting,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  set(kind: 'connecting' | 'live' | 'polling'): void {
    reads = kind === 'polling';
    if (status.kind !== kind) publish({ kind });
  },
  /** How a read of a view ended; counts only where reads stand for the stream. */
  noteRead(answered: boolean): void {
    if (!reads) return;
    if (!answered) liveStatus.lose();
    else if (status.kind === 'lost') publish({ kind: 'polling' });
  },
  /** `sinceMs` is the server's time of the break; an older break stays. */
  lose(sinceMs: number = serverNowMs()): void {
    if (status.kind !== 'lost') publish({ kind: 'lost', since: new Date(sinceMs).toISOString() });
  },
};
