import { createHash } from 'node:crypto';
import type pg from 'pg';
import { canonicalJson, type Json } from '@/lib/shared/json';
import { CutoverError } from '@/lib/errors';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { inTransaction, runTogether, textRows } from './connect-target';
import { ledgerOf } from './ledger-schema';
import { ledgerTable, makeLedger } from './make-ledger';
import { makeAndRead } from './design-trial';
import { readTarget } from './read-target';
import { ownerProblem } from './schema-owner';
import type { AfterStatement, Design, NotCarried, Renames } from './target-ddl/design-types';
import type { TargetPlace, TargetSchema } from './types';

/** What a schema was made from, kept beside the ledger: its names, what is still to be built, and how the catalog must look then. */
export type StoredDesign = {
  digest: string;
  create: string[];
  after: AfterStatement[];
  notCarried: NotCarried[];
  renames: Renames;
  expected: TargetSchema;
};

const statements = (schema: string): string[] => [
  `create table if not exists ${schema}.design (
  schema_name text primary key, digest text not null, design text not null, made_at timestamptz not null default clock_timestamp())`,
  `create table if not exists ${schema}.built (
  schema_name text not null, kind text not null, table_name text not null, name text not null, sql text not null,
  built_at timestamptz not null default clock_timestamp(), primary key (schema_name, kind, table_name, name))`,
];

export const designDigest = ({ create, after, renames }: Pick<Design, 'create' | 'after' | 'renames'>): string =>
  createHash('sha256')
    .update(canonicalJson({ create, after, renames } as unknown as Json))
    .digest('hex');

/** Catalogs that designs make, of this process: making one for real takes seconds where there are hundreds of tables. */
const known = new Map<string, TargetSchema>();
const mostKnown = 4;

/** The catalog that a design makes: as it was found before, or is kept in the target, or else by making it for real. */
export async function readTargetOfDesign(client: pg.Client, place: TargetPlace, design: Design): Promise<TargetSchema> {
  const digest = designDigest(design);
  const key = [place.dsn, place.schema, digest].join('\0');
  const stored = known.has(key) ? null : await readDesign(client, place);
  const found =
    known.get(key) ?? (stored?.digest === digest ? stored.expected : await makeAndRead(client, place, design));
  known.set(key, found);
  for (const old of known.keys()) if (known.size > mostKnown) known.delete(old);
  return found;
}

/** The same of what is made so far: what waits until the rows are in is taken out of the whole. */
export function withoutWaiting({ expected }: StoredDesign, waiting: readonly AfterStatement[]): TargetSchema {
  const tables = expected.tables.map((table) => {
    const own = waiting.filter((one) => one.table === table.name);
    const names = new Set(own.filter(({ kind }) => kind !== 'default').map(({ name }) => name));
    const defaults = new Set(own.filter(({ kind }) => kind === 'default').map(({ name }) => name));
    const there = <T extends { name: string }>(list: T[]): T[] => list.filter(({ name }) => !names.has(name));
    return {
      ...table,
      columns: table.columns.map((one) => (defaults.has(one.name) ? { ...one, defaultSql: null } : one)),
      primaryKey: own.some(({ kind }) => kind === 'primary key') ? [] : table.primaryKey,
      uniqueKeys: there(table.uniqueKeys),
      indexes: there(table.indexes),
      checks: there(table.checks),
      foreignKeys: there(table.foreignKeys),
    };
  });
  return { ...expected, tables };
}

/** Makes schema and bare tables, and keeps the design, in one transaction. Repeating it changes nothing; another design takes the
 *  place of tables that hold no row yet. @throws CutoverError target_not_empty | contract_differs */
export async function createDesigned(client: pg.Client, place: TargetPlace, design: Design): Promise<'made' | 'there'> {
  await makeLedger(client);
  const digest = designDigest(design);
  const stored = await readDesign(client, place);
  const there = await readTarget(client, place);
  await requireOwner(client, place);
  if (there.exists && stored?.digest === digest) return 'there';
  if (there.exists) await requireReplaceable(client, place, there, stored);
  const expected = await readTargetOfDesign(client, place, design);
  await inTransaction(client, async () => {
    const ledger = ledgerOf(client);
    for (const sql of statements(ledger)) if (!stored) await client.query(sql);
    if (there.exists) await client.query(`drop schema ${quoteIdent(place.schema)} cascade`);
    await runTogether(client, design.create);
    const { create, after, notCarried, renames } = design;
    await client.query(`delete from ${ledger}.built where schema_name = $1`, [place.schema]);
    await client.query(
      `insert into ${ledger}.design (schema_name, digest, design) values ($1, $2, $3)
      on conflict (schema_name) do update set digest = excluded.digest, design = excluded.design, made_at = clock_timestamp()`,
      [place.schema, digest, JSON.stringify({ create, after, notCarried, renames, expected })],
    );
  });
  return 'made';
}

/** @throws CutoverError target_not_empty */
async function requireOwner(client: pg.Client, place: TargetPlace): Promise<void> {
  const owner = await ownerProblem(client, place);
  if (owner)
    throw new CutoverError({
      code: 'target_not_empty',
      message: `Nothing can be made there: ${owner}.`,
      advice: 'Choose another schema, or let its owner hand it over (alter schema … owner to …).',
      facts: { schema: place.schema },
    });
}

/** Only what an earlier design made, and only while it is empty, gives way to another one. */
async function requireReplaceable(
  client: pg.Client,
  place: TargetPlace,
  there: TargetSchema,
  stored: StoredDesign | null,
): Promise<void> {
  const own = there.tables.filter(({ schema }) => schema === place.schema);
  if (!own.length) return;
  const stranger = own.find(({ name }) => !stored?.expected.tables.some((one) => one.name === name));
  if (stranger)
    throw new CutoverError({
      code: 'contract_differs',
      message: `Schema ${place.schema} holds table ${stranger.name}, which this system’s design did not make.`,
      advice: 'Choose another schema, or drop that schema yourself.',
      facts: { schema: place.schema, table: stranger.name },
    });
  for (const { name } of own) {
    const [row] = await textRows(client, `select 1 as held from ${quotePath(place.schema, name)} limit 1`);
    if (row)
      throw new CutoverError({
        code: 'target_not_empty',
        message: `Table ${name} of ${place.schema} holds rows, and the design has changed since it was made.`,
        advice: 'Undo the import first, then run bootstrap again.',
        facts: { schema: place.schema, table: name },
      });
  }
}

/** The design a schema was made from; null when something else made it. Its statements are executed, so it must still be what was
 *  kept, and, where it is known, what was planned. @throws CutoverError design_changed | ledger_not_ours */
export async function readDesign(
  client: pg.Client,
  { schema }: TargetPlace,
  planned?: string | null,
): Promise<StoredDesign | null> {
  const table = await ledgerTable(client, 'design');
  if (!table) return null;
  const [row] = await textRows<{ digest: string; design: string }>(
    client,
    `select digest, design from ${table} where schema_name = $1`,
    [schema],
  );
  if (!row) return null;
  const kept = JSON.parse(row.design) as Omit<StoredDesign, 'digest'>;
  const digest = designDigest(kept);
  if (digest !== row.digest || digest !== (planned ?? digest))
    throw new CutoverError({
      code: 'design_changed',
      message: `The design of schema ${schema} that ${table} keeps is not the one ${digest === row.digest ? 'that was planned' : 'that was put there'}: nothing of it was run.`,
      advice: 'Find out who wrote there. Take the move back and begin anew: its design is made from the source again.',
      facts: { schema, digest, recorded: row.digest, planned: planned ?? null },
    });
  return { digest, ...kept };
}

/** Forgets a schema that is dropped, inside the caller's transaction. */
export async function forgetDesign(client: pg.Client, { schema }: TargetPlace): Promise<void> {
  const table = await ledgerTable(client, 'design');
  if (!table) return;
  await client.query(`delete from ${table} where schema_name = $1`, [schema]);
  await client.query(`delete from ${ledgerOf(client)}.built where schema_name = $1`, [schema]);
}

/** A target with the keys that its design will still give it: they decide about rows before they exist. */
export function withPending(target: TargetSchema, design: StoredDesign | null): TargetSchema {
  if (!design) return target;
  const tables = target.tables.map((one) => {
    const goal = design.expected.tables.find(({ schema, name }) => schema === one.schema && name === one.name);
    if (!goal) return one;
    // Of what was dropped since, nothing is pending.
    const stands = ({ columns }: { columns: readonly string[] }) =>
      columns.every((name) => one.columns.some((column) => column.name === name));
    const has = (list: readonly { name: string }[], name: string) => list.some((other) => other.name === name);
    return {
      ...one,
      primaryKey: one.primaryKey.length || !stands({ columns: goal.primaryKey }) ? one.primaryKey : goal.primaryKey,
      uniqueKeys: [
        ...one.uniqueKeys,
        ...goal.uniqueKeys.filter((key) => stands(key) && !has(one.uniqueKeys, key.name)),
      ],
      foreignKeys: [
        ...one.foreignKeys,
        ...goal.foreignKeys
          .filter((key) => stands(key) && !has(one.foreignKeys, key.name))
          .map((key) => ({ ...key, pending: true })),
      ],
    };
  });
  return { ...target, tables, designed: true };
}

/** The same without what is not built yet: what the server itself checks while rows come in. */
export const onlyBuilt = (target: TargetSchema): TargetSchema => ({
  ...target,
  tables: target.tables.map((one) => ({ ...one, foreignKeys: one.foreignKeys.filter(({ pending }) => !pending) })),
});
