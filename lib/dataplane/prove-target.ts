import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { dsnPlace, parseDsn, textRows, withTarget } from './connect-target';

type Probe = { what: string; got: string; passed: boolean };
export type TargetProof = {
  serverVersion: number;
  serverVersionText: string;
  database: string;
  user: string;
  superuser: boolean;
  canCreate: boolean;
  encoding: string;
  readOnly: boolean;
  pooler: boolean;
  probes: Probe[];
};

/** Proves by doing: connects, reads settings, makes, fills and drops a schema, and finds out a pooler in between. Throws for nothing but an unreachable target. */
export async function proveTarget(dsn: string): Promise<TargetProof> {
  return withTarget(dsn, async (client) => {
    const [facts] = await textRows<Record<string, string>>(
      client,
      `
      select current_setting('server_version_num') as number, current_setting('server_version') as text, current_database() as db, current_user as usr,
        (select rolsuper from pg_roles where rolname = current_user) as super, current_setting('server_encoding') as encoding,
        pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as read_only`,
    );
    if (!facts)
      throw new CutoverError({
        code: 'target_unreachable',
        message: `${dsnPlace(dsn)} gave no answer.`,
        advice: 'Retry.',
        retry: 'now',
      });
    const pooler = await findPooler(client, dsn);
    const write = await tryWrite(client);
    const probes: Probe[] = [
      { what: 'connects', got: `${facts.usr}@${facts.db}, PostgreSQL ${facts.text}`, passed: true },
      { what: 'server encoding is UTF8', got: String(facts.encoding), passed: facts.encoding === 'UTF8' },
      { what: 'takes writes', got: facts.read_only === 't' ? 'read-only' : 'yes', passed: facts.read_only !== 't' },
      {
        what: 'sessions keep their backend (no transaction pooler)',
        got: pooler ? 'the backend changed between two statements' : 'same backend',
        passed: !pooler,
      },
      { what: 'creates, fills and drops a schema', got: write ?? 'done', passed: write === null },
    ];
    return {
      serverVersion: Number(facts.number),
      serverVersionText: String(facts.text),
      database: String(facts.db),
      user: String(facts.usr),
      superuser: facts.super === 't',
      canCreate: write === null,
      encoding: String(facts.encoding),
      readOnly: facts.read_only === 't',
      pooler,
      probes,
    };
  });
}

async function tryWrite(client: pg.Client): Promise<string | null> {
  const probe = quoteIdent(`cutover_probe_${randomBytes(6).toString('hex')}`);
  try {
    await client.query('begin');
    await client.query(`create schema ${probe}`);
    await client.query(`create table ${probe}.t (id int primary key, note text)`);
    await client.query(`insert into ${probe}.t values (1, 'ä')`);
    await client.query(`drop schema ${probe} cascade`);
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

/** A pooler in transaction mode hands statements of one session to several backends; a second busy session makes that show. */
async function findPooler(client: pg.Client, dsn: string): Promise<boolean> {
  const pid = async (one: pg.Client) =>
    (await textRows<{ pid: string }>(one, 'select pg_backend_pid()::text as pid'))[0]?.pid;
  const { host, port } = parseDsn(dsn);
  const second = new pg.Client({
    connectionString: dsn,
    connectionTimeoutMillis: 10_000,
    application_name: `cutover console ${host}:${port}`,
  });
  second.on('error', () => undefined);
  await second.connect();
  try {
    const before = await pid(client);
    await second.query('begin');
    const others = await pid(second);
    const after = await pid(client);
    await second.query('rollback');
    return before !== after || others === before;
  } finally {
    await second.end();
  }
}
