import type pg from 'pg';
import { textRows } from './connect-target';
import type { OpenPlan } from './open-plan';
import type { TargetSchema, TargetTable } from './types';

/** Tables of the target that this role may not read: somebody else made them, or took them over. */
export async function unreadableTables(client: pg.Client, { tables }: TargetSchema): Promise<TargetTable[]> {
  const pairs = JSON.stringify(tables.map(({ schema, name }) => [schema, name]));
  const rows = await textRows<{ schema: string; name: string }>(
    client,
    `select n.nspname as schema, c.relname as name from jsonb_array_elements($1::jsonb) s
    join pg_namespace n on n.nspname = s->>0 join pg_class c on c.relnamespace = n.oid and c.relname = s->>1
    where not has_table_privilege(c.oid, 'select')`,
    [pairs],
  );
  return tables.filter((one) => rows.some(({ schema, name }) => schema === one.schema && name === one.name));
}

export const unreadableWords = ({ name, owner }: TargetTable): string =>
  `table ${name} of the target belongs to role ${owner} and cannot be read`;

/** Whether a line of what was not compared is of such a table: the rest may be equal, the whole is not. */
export const isUnread = (text: string): boolean => text.includes(' and cannot be read');

/** The plan without the tables that cannot be read; each is told as not compared, which is never equal. */
export async function onlyReadable(client: pg.Client, open: OpenPlan): Promise<OpenPlan> {
  const unread = await unreadableTables(client, open.there);
  const isOf = ({ schema, table }: { schema: string; table: string }) =>
    unread.find((one) => one.schema === schema && one.name === table);
  const left = open.plan.tables.flatMap(({ source, target }) => {
    const one = isOf(target);
    return one ? [`${source}: ${unreadableWords(one)}`] : [];
  });
  if (!left.length) return open;
  const tables = open.plan.tables.filter(({ target }) => !isOf(target));
  return { ...open, plan: { ...open.plan, tables, notMoved: [...open.plan.notMoved, ...left] } };
}
