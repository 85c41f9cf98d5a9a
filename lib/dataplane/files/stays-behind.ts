import { CutoverError } from '@/lib/errors';
import { fencePrefix } from '@/lib/sources/sqlite-schema';
import { countVirtual } from '@/lib/sources/sqlite-extras';
import type { SourceSchema } from '@/lib/sources/source';
import type { Manifest } from './manifest';
import type { OpenSource } from './plan-export';

/** What of one source is no part of the export, each with its reason. @throws CutoverError export_incomplete: rows would be lost without a word */
export function staysBehind(
  { source, file }: OpenSource,
  schema: SourceSchema,
  leaveOut: Readonly<Record<string, string>>,
): { tables: Set<string>; listed: Manifest['not_exported'] } {
  const declared = (name: string): string | undefined => {
    const key = [`${source.name}:${name}`, name].find((one) => Object.hasOwn(leaveOut, one));
    return key === undefined ? undefined : leaveOut[key];
  };
  const listed: Manifest['not_exported'] = [];
  const list = (kind: string, name: string, reason: string) => listed.push({ source: source.name, kind, name, reason });
  const tables = new Set<string>();
  for (const { name } of schema.tables) {
    const reason = declared(name);
    if (reason === undefined) continue;
    tables.add(name);
    list('table', name, reason);
  }
  for (const { table, column, why } of schema.unreadable) {
    const name = column === null ? table : `${table}.${column}`;
    const reason = declared(name);
    if (reason === undefined && column === null)
      throw incomplete(
        `Table ${table} of ${source.name} cannot be read (${why}), so its rows cannot be exported.`,
        name,
      );
    list(column === null ? 'table' : 'column', name, reason ?? `generated, and not to be read here: ${why}`);
  }
  for (const extra of schema.extras) {
    const reason = declared(extra.name);
    if (extra.type === 'virtual' && reason === undefined && holdsRows(file, extra))
      throw incomplete(
        `${extra.name} of ${source.name} is a virtual table (${extra.module ?? 'unknown module'}) with rows of its own, which cannot be exported.`,
        extra.name,
      );
    list(extra.type, extra.name, reason ?? reasons[extra.type]);
  }
  for (const { type, name } of internals(file)) list(type, name, internalReason(name));
  return { tables, listed };
}

const reasons = {
  view: 'a view holds no rows; the target’s own DDL makes it',
  trigger: 'a trigger holds no rows; the target’s own DDL makes it',
  virtual: 'made from the rows of other tables, which are exported',
  shadow: 'belongs to a virtual table, which makes it itself',
} as const;

const holdsRows = (file: OpenSource['file'], extra: SourceSchema['extras'][number]): boolean =>
  !/\bcontent\s*=/i.test(extra.sql ?? '') && countVirtual(file, extra.name) !== 0n;

const internals = ({ db }: OpenSource['file']) =>
  (
    db.prepare('select type, name, tbl_name from sqlite_schema').all() as Record<'type' | 'name' | 'tbl_name', string>[]
  ).filter(
    ({ type, name, tbl_name }) =>
      (/^sqlite_/i.test(tbl_name) && (type !== 'index' || !/^sqlite_autoindex/i.test(name))) ||
      name.startsWith(fencePrefix),
  );

const internalReason = (name: string): string => {
  if (name.startsWith(fencePrefix)) return 'of this console’s own fence';
  return name === 'sqlite_sequence'
    ? 'its numbers are exported with each table'
    : 'statistics of SQLite’s query planner';
};

const incomplete = (message: string, name: string): CutoverError =>
  new CutoverError({
    code: 'export_incomplete',
    message,
    advice: `Nothing was written. Leave it out on purpose: ${name}=reason.`,
    facts: { name },
  });
