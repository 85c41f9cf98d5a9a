import pg from 'pg';
import { parse } from 'pg-connection-string';
import { CutoverError } from '@/lib/errors';
import { rememberSecret } from '@/lib/shared/redact';
import { keepLedgerOf } from './ledger-schema';
import { ReadingSocket } from './reading-socket';
import { targetError } from './target-errors';

const connectSeconds = 10;
/** Set for every session of ours, so that no role or database setting can change or cut what we do. */
const sessionSql = `set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '15s';
set standard_conforming_strings = on; set client_encoding = 'UTF8'; set timezone = 'UTC'; set datestyle = 'ISO, YMD';
set bytea_output = 'hex'; set extra_float_digits = 1; set work_mem = '64MB'; set synchronous_commit = on;
set client_connection_check_interval = '2s'; set search_path = pg_catalog`;

export type DsnParts = { host: string; port: number; user: string; password: string; database: string; ssl: boolean };

/** @throws CutoverError dsn_invalid */
export function parseDsn(dsn: string): DsnParts {
  try {
    const parts = parse(dsn);
    rememberSecret(parts.password ?? undefined);
    if (!/^postgres(ql)?:\/\//.test(dsn) || !parts.host || !parts.database || !parts.user)
      throw new TypeError('host, user or database is missing');
    return {
      host: parts.host,
      port: Number(parts.port || 5432),
      user: parts.user,
      password: parts.password ?? '',
      database: parts.database,
      ssl: Boolean(parts.ssl),
    };
  } catch (cause) {
    throw new CutoverError(
      {
        code: 'dsn_invalid',
        message: 'The DSN of the target cannot be read: it needs postgres://user:password@host:port/database.',
        advice:
          'Correct it where it is kept: under the name that dsn_env of the fleet file gives, in the secrets file (CUTOVER_SECRETS).',
      },
      { cause },
    );
  }
}

/** Where a DSN leads, without its password: for messages. */
export const dsnPlace = (dsn: string): string => {
  const { host, port, database } = parseDsn(dsn);
  return `PostgreSQL at ${host}:${port}/${database}`;
};

/** A session of ours; `reading`: for very much. Values come back as PostgreSQL's own text, never through a parser. @throws CutoverError target_* | dsn_* */
export async function connectTarget(dsn: string, reading = false): Promise<pg.Client> {
  const { ssl } = parseDsn(dsn);
  const client = new pg.Client({
    connectionString: dsn,
    application_name: 'cutover console',
    connectionTimeoutMillis: connectSeconds * 1000,
    keepAlive: true,
    // Where TLS is wanted, by the DSN or by the driver's own variable, the driver makes the socket.
    ...(reading && !ssl && !process.env.PGSSLMODE ? { stream: () => new ReadingSocket() } : {}),
    types: { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig,
  });
  client.on('error', () => undefined); // The query under way rejects with the same error; an idle loss shows at the next query.
  try {
    await client.connect();
    const set = (await client.query(`${sessionSql}; select current_user as role`)) as unknown as {
      rows: { role: string }[];
    }[];
    keepLedgerOf(client, set.at(-1)?.rows[0]?.role ?? '');
    return client;
  } catch (thrown) {
    await client.end().catch(() => undefined);
    throw targetError(thrown, dsnPlace(dsn));
  }
}

/** Runs work on a session of its own and always ends it. `reading`: for one that reads very much. An aborted signal breaks the connection; the server then rolls back. */
export async function withTarget<T>(
  dsn: string,
  work: (client: pg.Client) => Promise<T>,
  options: { readOnly?: boolean; signal?: AbortSignal; reading?: boolean } = {},
): Promise<T> {
  options.signal?.throwIfAborted();
  const client = await connectTarget(dsn, options.reading);
  const breakOff = () =>
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  options.signal?.addEventListener('abort', breakOff, { once: true });
  try {
    if (options.readOnly) await client.query('set session characteristics as transaction read only');
    return await work(client);
  } catch (thrown) {
    options.signal?.throwIfAborted();
    throw targetError(thrown, dsnPlace(dsn));
  } finally {
    options.signal?.removeEventListener('abort', breakOff);
    await client.end().catch(() => undefined);
  }
}

/** Commits what `work` did, or nothing of it. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>, begin = 'begin'): Promise<T> {
  await client.query(begin);
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (thrown) {
    await client.query('rollback').catch(() => undefined);
    throw thrown;
  }
}

/** Rows of text, as the server printed them. */
export async function textRows<T>(client: pg.Client, sql: string, values: unknown[] = []): Promise<T[]> {
  const result = await client.query(sql, values as never[]);
  return result.rows as T[];
}

const statementsAtOnce = 200;

/** Runs statements in order, many a round trip: a schema of hundreds of tables has thousands. Only inside a transaction. */
export async function runTogether(client: pg.Client, statements: readonly string[]): Promise<void> {
  for (let at = 0; at < statements.length; at += statementsAtOnce)
    await client.query(statements.slice(at, at + statementsAtOnce).join('\n;\n'));
}
