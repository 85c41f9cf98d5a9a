import pg from 'pg';

const retryMs = 1_000;

/** Calls `wake` at every NOTIFY of the channel, over a connection of its own that comes back by itself. @returns stop */
export function listenForWake(
  connectionString: string,
  channel: 'attempt_wake' | 'machine_check',
  wake: () => void,
): () => Promise<void> {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const again = (): void => {
    client = null;
    if (!stopped) timer = setTimeout(connect, retryMs);
  };
  const connect = (): void => {
    const own = new pg.Client({
      connectionString,
      application_name: 'cutover-worker-wake',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = own;
    own.on('error', () => undefined);
    own.once('end', again);
    own.on('notification', wake);
    // What was said while nobody listened is looked up once.
    own
      .connect()
      .then(() => own.query(`listen ${channel}`))
      .then(wake, () => own.end().catch(() => again()));
  };
  connect();
  return async () => {
    stopped = true;
    if (timer) clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
