import pg from 'pg';

export type Listening = { close(): Promise<void> };

const retryMs = 1_000;

/** Holds one connection with LISTEN and opens it anew when it is lost. `wake` is called at each notice and after each (re)connect. */
export function listen(url: string, wake: () => void, channel = 'live'): Listening {
  let closed = false;
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | null = null;

  function lost(of: pg.Client): void {
    if (closed || client !== of) return;
    client = null;
    retry = setTimeout(() => void connect(), retryMs);
    void of.end().catch(() => undefined);
  }

  async function connect(): Promise<void> {
    const opening = new pg.Client({
      connectionString: url,
      application_name: 'cutover-live',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = opening;
    opening.on('error', () => lost(opening));
    opening.on('end', () => lost(opening));
    opening.on('notification', wake);
    try {
      await opening.connect();
      await opening.query(`listen ${pg.escapeIdentifier(channel)}`);
      wake();
    } catch {
      lost(opening);
    }
    if (closed) await opening.end().catch(() => undefined);
  }

  void connect();
  return {
    async close() {
      closed = true;
      if (retry) clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
