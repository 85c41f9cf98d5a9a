import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { CutoverError, type ErrorCode } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { dsnPlace, parseDsn, textRows, withTarget } from './connect-target';

/** What a failed probe means, and the next move. */
type Problem = { code: ErrorCode; message: string; advice: string };
type Probe = { what: string; got: string; passed: boolean; problem: Problem | null };
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
  /** false: what goes over the connection can be read on the way. */
  encrypted: boolean;
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
        coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
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
    const probes = toProbes(dsnPlace(dsn), facts, pooler, write);
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
      encrypted: facts.tls === 't',
      probes,
    };
  });
}

const creates = 'creates, fills and drops a schema';

function toProbes(where: string, facts: Record<string, string>, pooler: boolean, write: string | null): Probe[] {
  const probe = (
    what: string,
    got: string,
    passed: boolean,
    code: ErrorCode,
    means: string,
    advice: string,
  ): Probe => ({
    what,
    got,
    passed,
    problem: passed ? null : { code, message: `${where} ${means}.`, advice },
  });
  const connected = { what: 'connects', got: `${facts.usr}@${facts.db}, PostgreSQL ${facts.text}`, passed: true };
  return [
    { ...connected, problem: null },
    probe(
      'server encoding is UTF8',
      String(facts.encoding),
      facts.encoding === 'UTF8',
      'target_encoding',
      `stores text as ${facts.encoding}, not as UTF8`,
      'Create the database with encoding UTF8 and point the DSN at it.',
    ),
    probe(
      'takes writes',
      facts.read_only === 't' ? 'read-only' : 'yes',
      facts.read_only !== 't',
      'target_read_only',
      'takes no writes (read-only or standby)',
      'Point the DSN at the primary.',
    ),
    probe(
      'sessions keep their backend (no transaction pooler)',
      pooler ? 'the backend changed between two statements' : 'same backend',
      !pooler,
      'target_pooler',
      'changed the backend between two statements: a pooler in transaction mode stands in between',
      'Point the DSN at PostgreSQL itself, or at a pooler in session mode.',
    ),
    facts.read_only === 't'
      ? { what: creates, got: write ?? 'done', passed: false, problem: null }
      : probe(
          creates,
          write ?? 'done',
          write === null,
          'target_privilege_missing',
          `does not let role ${facts.usr} make a schema: ${write}`,
          `Run there: grant create on database ${quoteIdent(String(facts.db))} to ${quoteIdent(String(facts.usr))}.`,
        ),
  ];
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
