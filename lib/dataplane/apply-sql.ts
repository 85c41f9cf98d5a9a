import { createHash } from 'node:crypto';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { inTransaction, textRows } from './connect-target';
import { claimLoad, holdEpoch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { ledgerTable, makeLedger } from './make-ledger';
import { lineOfError, notTogether, splitSql } from './split-sql';
import type { TargetPlace } from './types';

/** Something a person's SQL made in the schema; `of` is the table of a trigger. */
export type MadeObject = { kind: string; name: string; of: string | null; digest: string };
type Applied = { digest: string; made: MadeObject[] };
/** `named`: what the SQL is called in messages. */
type ApplyInput = { place: TargetPlace; cutoverId: string; epoch: number; sql: string; named?: string };

const tableSql = (schema: string): string => `create table if not exists ${schema}.applied (
  cutover_id text primary key references ${schema}.load on delete cascade, digest text not null, made text not null,
  applied_at timestamptz not null default clock_timestamp())`;

/** What can be made by SQL beside the rows, with a digest of its definition. $1 schema */
const objectsSql = `
with own as (select oid from pg_namespace where nspname = $1)
select case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind, relname as name, null as of,
  md5(case when relkind in ('v', 'm') then pg_get_viewdef(oid) else '' end) as digest
from pg_class where relnamespace in (select oid from own) and relkind in ('v', 'm', 'r', 'p')
union all
select 'trigger', t.tgname, c.relname, md5(pg_get_triggerdef(t.oid)) from pg_trigger t join pg_class c on c.oid = t.tgrelid
where c.relnamespace in (select oid from own) and not t.tgisinternal
union all
select case prokind when 'p' then 'procedure' else 'function' end, proname || '(' || pg_get_function_identity_arguments(oid) || ')', null,
  md5(pg_get_functiondef(oid)) from pg_proc where pronamespace in (select oid from own) and prokind in ('f', 'p')
order by 1, 2, 3`;

const readObjects = (client: pg.Client, { schema }: TargetPlace): Promise<MadeObject[]> =>
  textRows<MadeObject>(client, objectsSql, [schema]);
export const digestOfSql = (sql: string): string => createHash('sha256').update(sql).digest('hex');
const isSame = (a: MadeObject, b: MadeObject): boolean => a.kind === b.kind && a.name === b.name && a.of === b.of;

/** The statements of a person's SQL. @throws CutoverError sql_refused for what cannot run in one transaction */
export function sqlStatements(sql: string): string[] {
  const statements = splitSql(sql);
  const [wrong] = notTogether(statements);
  if (!wrong) return statements;
  throw new CutoverError({
    code: 'sql_refused',
    message: `The SQL holds a statement that cannot be part of one transaction: ${wrong.slice(0, 120)}`,
    advice: 'Leave out BEGIN, COMMIT, COPY and the like: all of it runs in one transaction, or none of it.',
  });
}

/** Runs reviewed SQL in the profile's schema, and keeps what it made, in one transaction. The same SQL is never run twice.
 *  @throws CutoverError sql_refused (nothing was changed) | attempt_lost */
export async function applySql(client: pg.Client, input: ApplyInput): Promise<MadeObject[]> {
  const { place, cutoverId, epoch, sql } = input;
  const digest = digestOfSql(sql);
  const statements = sqlStatements(sql);
  await makeLedger(client);
  await client.query(tableSql(ledgerOf(client)));
  await claim(client, input);
  return inTransaction(client, async () => {
    await holdEpoch(client, cutoverId, epoch);
    const earlier = await readApplied(client, cutoverId);
    if (earlier?.digest === digest) return earlier.made;
    const before = await readObjects(client, place);
    await client.query(`set local search_path = ${quoteIdent(place.schema)}, public`);
    for (const [i, one] of statements.entries())
      await runOne(client, one, (thrown) => `${input.named ?? 'SQL'}:${lineOfError(sql, i, thrown)}`);
    await client.query('set local search_path = pg_catalog');
    const made = (await readObjects(client, place)).filter(
      (one) => !before.some((other) => isSame(one, other) && one.digest === other.digest),
    );
    await client.query(
      `insert into ${ledgerOf(client)}.applied (cutover_id, digest, made) values ($1, $2, $3)
      on conflict (cutover_id) do update set digest = excluded.digest, made = excluded.made, applied_at = clock_timestamp()`,
      [cutoverId, digest, JSON.stringify(made)],
    );
    return made;
  });
}

const claim = (client: pg.Client, { place, cutoverId, epoch }: Omit<ApplyInput, 'sql'>) =>
  claimLoad(client, { cutoverId, epoch, sourceId: place.sourceId, schema: place.schema, sourceDigest: '' });

async function runOne(client: pg.Client, statement: string, where: (thrown: unknown) => string): Promise<void> {
  try {
    await client.query(statement);
  } catch (cause) {
    throw new CutoverError(
      {
        code: 'sql_refused',
        message: `${where(cause)}: the target refused ${statement.slice(0, 160)}: ${(cause as Error).message}. Nothing of the SQL was kept.`,
        advice: 'Mend the SQL, then run this step again.',
        facts: { statement: statement.slice(0, 2000) },
      },
      { cause },
    );
  }
}

async function readApplied(client: pg.Client, cutoverId: string): Promise<Applied | null> {
  const table = await ledgerTable(client, 'applied');
  if (!table) return null;
  const [row] = await textRows<{ digest: string; made: string }>(
    client,
    `select digest, made from ${table} where cutover_id = $1`,
    [cutoverId],
  );
  return row ? { digest: row.digest, made: JSON.parse(row.made) as MadeObject[] } : null;
}

/** What was made, as the catalog has it now; `now` is null where it is gone, `same` false where it is another. */
export async function checkApplied(client: pg.Client, { place, cutoverId }: Pick<ApplyInput, 'place' | 'cutoverId'>) {
  const applied = await readApplied(client, cutoverId);
  const there = await readObjects(client, place);
  return {
    digest: applied?.digest ?? null,
    there,
    made: (applied?.made ?? []).map((one) => {
      const now = there.find((other) => isSame(one, other));
      return { ...one, there: now !== undefined, same: now?.digest === one.digest };
    }),
  };
}

/** Drops what was made, last first; tables go with their schema. Safe to repeat. */
export async function dropApplied(
  client: pg.Client,
  { place, cutoverId, epoch }: Omit<ApplyInput, 'sql'>,
): Promise<string[]> {
  const applied = await readApplied(client, cutoverId);
  if (!applied) return [];
  const order = ['trigger', 'materialized view', 'view', 'procedure', 'function'];
  const made = applied.made.filter(({ kind }) => order.includes(kind));
  made.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  await claim(client, { place, cutoverId, epoch });
  return inTransaction(client, async () => {
    await holdEpoch(client, cutoverId, epoch);
    for (const one of made) await client.query(dropSql(place, one));
    await client.query(`delete from ${ledgerOf(client)}.applied where cutover_id = $1`, [cutoverId]);
    return made.map(({ kind, name }) => `${kind} ${name}`);
  });
}

function dropSql({ schema }: TargetPlace, { kind, name, of }: MadeObject): string {
  if (kind === 'trigger') return `drop trigger if exists ${quoteIdent(name)} on ${quotePath(schema, of ?? '')}`;
  if (!kind.endsWith('view')) {
    const open = name.indexOf('(');
    return `drop ${kind} if exists ${quotePath(schema, name.slice(0, open))}${name.slice(open)} cascade`;
  }
  return `drop ${kind} if exists ${quotePath(schema, name)} cascade`;
}
