import type pg from 'pg';
import { createHash } from 'node:crypto';
import { quoteIdent, quotePath, quoteText } from '@/lib/sources/quote';
import { inTransaction, textRows, withTarget } from './connect-target';
import { ledgerOf } from './ledger-schema';
import { makeLedger } from './make-ledger';
import { readTarget } from './read-target';
import type { TargetFenceReading, TargetPlace } from './types';

type Guard = { name: string; path: string; sql: string; undo: string };

const functionSql = (
  ledger: string,
): string => `create function ${ledger}.refuse_write() returns trigger language plpgsql set search_path = pg_catalog as $fence$
begin
  if tg_level = 'ROW' and not (coalesce(to_jsonb(old) ->> tg_argv[0] = tg_argv[1], false) or coalesce(to_jsonb(new) ->> tg_argv[0] = tg_argv[1], false)) then
    return coalesce(new, old);
  end if;
  raise exception 'cutover fence: writes to %.% are stopped', tg_table_schema, tg_table_name using errcode = 'read_only_sql_transaction';
end $fence$`;

const fenceTriggerName = ({ sourceId }: TargetPlace): string =>
  `cutover_fence_${createHash('sha256').update(sourceId).digest('hex').slice(0, 12)}`;

/** A statement trigger on each of the profile's own tables; a row trigger, for its rows only, on shared ones. ALWAYS: also under replica role. */
async function guards(client: pg.Client, place: TargetPlace): Promise<Guard[]> {
  const { tables } = await readTarget(client, place);
  const name = quoteIdent(fenceTriggerName(place));
  return tables.map((table) => {
    const path = quotePath(table.schema, table.name);
    const shared = place.sharedTables.find((one) => one.schema === table.schema && one.table === table.name);
    const events = `before insert or update or delete${shared ? '' : ' or truncate'} on ${path} for each ${shared ? 'row' : 'statement'}`;
    const args = shared ? `${quoteText(shared.keyColumn)}, ${quoteText(place.sourceId)}` : '';
    return {
      name: fenceTriggerName(place),
      path,
      sql: `create trigger ${name} ${events} execute function ${ledgerOf(client)}.refuse_write(${args}); alter table ${path} enable always trigger ${name}`,
      undo: `drop trigger if exists ${name} on ${path}`,
    };
  });
}

async function readGuards(client: pg.Client, place: TargetPlace): Promise<TargetFenceReading> {
  const wanted = await guards(client, place);
  const standing = await textRows<{ path: string }>(
    client,
    `
    select format('"%s"."%s"', replace(n.nspname, '"', '""'), replace(c.relname, '"', '""')) as path
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where t.tgname = $1 and t.tgenabled = 'A'`,
    [fenceTriggerName(place)],
  );
  const there = new Set(standing.map(({ path }) => path));
  const missing = wanted.filter(({ path }) => !there.has(path)).map(({ path }) => path);
  const complete = wanted.length > 0 && missing.length === 0;
  return {
    state: there.size === 0 ? 'absent' : complete ? 'complete' : 'partial',
    triggers: [...there],
    missing,
    sql: [functionSql(ledgerOf(client)), ...wanted.map(({ sql }) => sql)],
    undo: wanted.map(({ undo }) => undo),
  };
}

export const readTargetFence = (place: TargetPlace): Promise<TargetFenceReading> =>
  withTarget(place.dsn, (client) => readGuards(client, place), { readOnly: true });

/** Stops writes to the profile's tables and rows in the target, for every role. Safe to repeat. */
export const takeTargetFence = (place: TargetPlace): Promise<TargetFenceReading> =>
  withTarget(place.dsn, async (client) => {
    await makeLedger(client);
    await inTransaction(client, async () => {
      const [known] = await textRows<{ there: string | null }>(client, 'select to_regprocedure($1)::text as there', [
        `${ledgerOf(client)}.refuse_write()`,
      ]);
      if (!known?.there) await client.query(functionSql(ledgerOf(client)));
      for (const guard of await guards(client, place)) {
        await client.query(guard.undo);
        await client.query(guard.sql);
      }
    });
    return readGuards(client, place);
  });

export const liftTargetFence = (place: TargetPlace): Promise<TargetFenceReading> =>
  withTarget(place.dsn, async (client) => {
    await inTransaction(client, async () => {
      for (const { undo } of await guards(client, place)) await client.query(undo);
    });
    return readGuards(client, place);
  });
