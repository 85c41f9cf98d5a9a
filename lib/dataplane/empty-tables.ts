import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { textRows } from './connect-target';
import { circles } from './load-order';
import { sqlState } from './target-errors';

const diskFull = '53100';

export type Cleared = { table: string; deleted: string }[];
type Inner = { child: string; parent: string; name: string; sql: string };

/** Empties tables inside the caller's transaction. A row that goes is looked for in every table that refers to it, which takes the
 *  square of the rows where no index stands on the reference; so whole tables are cut off together where the target allows it, and
 *  otherwise the keys among them are set aside meanwhile.
 *  @param paths tables whose rows go @param own all tables of the profile; those without a row may be cut off with the others
 *  @throws CutoverError constraint_refused when rows that no load explains refer to these */
export async function emptyTables(
  client: pg.Client,
  paths: readonly string[],
  own: readonly string[],
): Promise<Cleared> {
  if (!paths.length) return [];
  const inner = await innerKeys(client, paths);
  const groups = childrenFirst(paths, inner);
  const cut = await cutTogether(client, groups.flat(), own);
  if (cut) return cut;
  const [owned] = await textRows<{ all: string }>(
    client,
    `select bool_and(pg_has_role(relowner, 'usage')) as all from pg_class where oid = any($1::regclass[])`,
    [[...paths]],
  );
  const aside = owned?.all === 't' ? inner : [];
  for (const { child, name } of aside) await client.query(`alter table ${child} drop constraint ${name}`);
  const cleared: Cleared = [];
  for (const group of groups) cleared.push(...(await deleteTogether(client, group)));
  if (aside.length) await refused(paths, () => client.query('set constraints all immediate'));
  for (const { child, name, sql } of aside) await client.query(`alter table ${child} add constraint ${name} ${sql}`);
  return cleared;
}

/** @returns null where a right is missing, a trigger would have to see each row, or another table refers to these */
async function cutTogether(
  client: pg.Client,
  paths: readonly string[],
  own: readonly string[],
): Promise<Cleared | null> {
  const others = own.filter((path) => !paths.includes(path));
  const [may] = await textRows<{ may: string }>(
    client,
    `select bool_and(has_table_privilege(c.oid, 'truncate'))
      and not exists (select from pg_trigger where tgrelid = any($1::regclass[]) and not tgisinternal and (tgtype & 8 <> 0 or tgtype & 32 <> 0))
      and not exists (select from pg_constraint where contype = 'f' and confrelid = any($1::regclass[]) and not conrelid = any($2::regclass[])) as may
    from pg_class c where c.oid = any($1::regclass[])`,
    [[...paths], [...own]],
  );
  if (may?.may !== 't') return null;
  const referring = await textRows<{ path: string }>(
    client,
    `select path from unnest($2::text[]) as other (path)
    where exists (select from pg_constraint where contype = 'f' and confrelid = any($1::regclass[]) and conrelid = path::regclass)`,
    [[...paths], others],
  );
  const beside = referring.map(({ path }) => path);
  await client.query(`lock table ${[...paths, ...beside].join(', ')} in access exclusive mode`);
  for (const path of beside) if ((await textRows(client, `select 1 as held from ${path} limit 1`)).length) return null;
  const cleared: Cleared = [];
  for (const table of paths) {
    const [row] = await textRows<{ deleted: string }>(client, `select count(*)::text as deleted from ${table}`);
    cleared.push({ table, deleted: row?.deleted ?? '0' });
  }
  // Without a right to the others, or with tables that refer to these in turn, it is not to be done at once.
  await client.query('savepoint cutover_cut');
  try {
    await client.query(`truncate ${[...paths, ...beside].join(', ')}`);
    return cleared;
  } catch (thrown) {
    // A table that is cut off gets files of its own first, for which a full disk has no room; rows are deleted where they stand.
    if (!['42501', '0A000', diskFull].includes(sqlState(thrown))) throw thrown;
    await client.query('rollback to savepoint cutover_cut');
    return null;
  }
}

/** Foreign keys from one of these tables to one of them, itself included, as the server would write them again. */
const innerKeys = (client: pg.Client, paths: readonly string[]): Promise<Inner[]> =>
  textRows<Inner>(
    client,
    `select child.path as child, parent.path as parent, quote_ident(conname) as name, pg_get_constraintdef(pg_constraint.oid) as sql
     from pg_constraint
     join unnest($1::text[]) as child (path) on child.path::regclass = conrelid
     join unnest($1::text[]) as parent (path) on parent.path::regclass = confrelid
     where contype = 'f' and conparentid = 0 order by conrelid, conname`,
    [[...paths]],
  );

/** Groups of tables in the order in which they can be emptied, by the keys that the target has now. */
function childrenFirst(paths: readonly string[], keys: readonly Inner[]): string[][] {
  const parents = new Map<string, string[]>();
  for (const { child, parent } of keys)
    if (child !== parent) parents.set(child, [...(parents.get(child) ?? []), parent]);
  return circles(paths, (path) => parents.get(path) ?? []).reverse();
}

/** Tables that refer to each other in a circle are emptied by one statement: the server checks keys at its end, also those that say restrict. */
const deleteTogether = (client: pg.Client, group: readonly string[]): Promise<Cleared> =>
  refused(group, async () => {
    const [only] = group;
    if (group.length === 1)
      return [{ table: only as string, deleted: String((await client.query(`delete from ${only}`)).rowCount ?? 0) }];
    const deletes = group.map((path, i) => `d${i} as (delete from ${path} returning 1)`).join(', ');
    const counts = group.map((_, i) => `select ${i} as i, count(*)::text as deleted from d${i}`).join(' union all ');
    const rows = await textRows<{ i: string; deleted: string }>(client, `with ${deletes} ${counts}`);
    return rows.map(({ i, deleted }) => ({ table: group[Number(i)] as string, deleted }));
  });

async function refused<T>(tables: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!sqlState(thrown).startsWith('23')) throw thrown;
    throw new CutoverError(
      {
        code: 'constraint_refused',
        message: `The rows of ${tables.join(', ')} cannot be taken back: ${(thrown as Error).message}. Nothing was changed.`,
        advice: 'Rows that this load did not bring refer to them: look at those rows first, then take it back again.',
        facts: { sqlstate: sqlState(thrown), tables: [...tables] },
      },
      { cause: thrown },
    );
  }
}
