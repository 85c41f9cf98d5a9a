import { createHash } from 'node:crypto';
import type pg from 'pg';
import { quoteIdent } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import { fingerprintOf, readTargetOfDdl } from './read-target';
import type { Design } from './target-ddl/design-types';
import type { TargetPlace, TargetSchema } from './types';

type Statements = Pick<Design, 'create' | 'after'>;

/** All that makes a design in a schema of that name, which may be another than the design's own. */
export const designDdl = ({ create, after }: Statements, from: string, to: string): string[] =>
  [...create, ...after.map(({ sql }) => sql)].map((sql) => (from === to ? sql : inSchema(sql, from, to)));

/** A schema is never touched to learn what a design would make: where its name is taken, the design is made under another one. */
export async function trialSchema(client: pg.Client, { schema }: Pick<TargetPlace, 'schema'>): Promise<string> {
  const [there] = await textRows(client, 'select 1 as there from pg_namespace where nspname = $1', [schema]);
  return there ? `cutover_expected_${createHash('sha256').update(schema).digest('hex').slice(0, 12)}` : schema;
}

/** Makes a design for real and rolls it back. */
export async function makeAndRead(client: pg.Client, place: TargetPlace, design: Design): Promise<TargetSchema> {
  const schema = await trialSchema(client, place);
  const read = await readTargetOfDdl(client, { ...place, schema }, designDdl(design, place.schema, schema));
  if (schema === place.schema) return read;
  // The server quotes a name only where it must.
  const [shown] = await textRows<{ name: string }>(client, 'select quote_ident($1) as name', [place.schema]);
  const named = renamed(read, schema, place.schema, shown?.name ?? '') as TargetSchema;
  return { ...named, fingerprint: fingerprintOf(named.tables) };
}

/** Literals first, so that what stands in them is let be; then identifiers, of which a schema's is followed by a dot. */
const tokens = /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"\.?/gs;

function inSchema(sql: string, from: string, to: string): string {
  const made = `create schema ${quoteIdent(from)}`;
  if (sql === made) return `create schema ${quoteIdent(to)}`;
  return sql.replace(tokens, (token) => (token === `${quoteIdent(from)}.` ? `${quoteIdent(to)}.` : token));
}

/** A catalog as if it had been read under the other name, which stands as `shown` in definitions. */
function renamed(value: unknown, from: string, to: string, shown: string): unknown {
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return one === from ? to : one.replaceAll(from, shown);
    if (Array.isArray(one)) return one.map(walk);
    if (one && typeof one === 'object')
      return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, walk(member)]));
    return one;
  };
  return walk(value);
}
