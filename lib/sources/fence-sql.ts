import { createHash } from 'node:crypto';
import { quoteIdent, quoteText } from './quote';
import type { SourceScope } from './scope';
import type { SourceSchema } from './source';
import { fencePrefix } from './sqlite-schema';

export type FenceTrigger = { name: string; table: string; sql: string };

/** Beginning of the names of all triggers of this profile's fence. */
export const fenceName = ({ sourceId }: SourceScope): string =>
  `${fencePrefix}${createHash('sha256').update(sourceId).digest('hex').slice(0, 12)}_`;

/** Three triggers a table. A row of the profile is refused as it is (OLD) and as it would become (NEW); rows of others pass. */
export function fenceTriggers(schema: SourceSchema, scope: SourceScope, tables?: readonly string[]): FenceTrigger[] {
  const wanted = schema.tables.filter(({ name }) => !tables || tables.includes(name));
  return wanted.flatMap(({ name: table, scopeColumn }) =>
    (['insert', 'update', 'delete'] as const).map((act) => {
      const name = `${fenceName(scope)}${table}_${act}`;
      const sides = act === 'insert' ? ['new'] : act === 'delete' ? ['old'] : ['old', 'new'];
      const when = scopeColumn
        ? ` WHEN ${sides.map((side) => `${side}.${quoteIdent(scopeColumn)} COLLATE BINARY = ${quoteText(scope.sourceId)}`).join(' OR ')}`
        : '';
      const message = quoteText(`cutover fence: writes of ${scope.sourceId} to this file are stopped`);
      return {
        name,
        table,
        sql: `CREATE TRIGGER ${quoteIdent(name)} BEFORE ${act.toUpperCase()} ON ${quoteIdent(table)}${when} BEGIN SELECT RAISE(ABORT, ${message}); END`,
      };
    }),
  );
}

/** The statements that put the fence up, as they stand in plans. */
export const fenceSql = (schema: SourceSchema, scope: SourceScope, tables?: readonly string[]): string[] =>
  fenceTriggers(schema, scope, tables).map(({ sql }) => sql);

/** The statements that take it down; each may be run twice. They suffice on their own, with any SQLite shell. */
export const unfenceSql = (schema: SourceSchema, scope: SourceScope, tables?: readonly string[]): string[] =>
  fenceTriggers(schema, scope, tables).map(({ name }) => `DROP TRIGGER IF EXISTS ${quoteIdent(name)}`);
