import { quoteIdent } from '@/lib/sources/quote';
import type { Cell, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { exactText } from '@/lib/sources/sqlite-rows';
import { selectSql } from '@/lib/sources/sqlite-sql';
import { alikeFindings } from './alike-rows';
import { columnEncoder } from './encode-row';
import { misfitCodes, type RuleName } from './finding-types';
import { RowBuffer } from './row-buffer';
import { alteredColumn, findingKey, ruleFor } from './rules';
import type { ChosenRules, ColumnMapping, Finding, TableMapping, TargetTable } from './types';

/** A unique key of the target, in the source's names. `folds`: collation of each column; `where`: condition of a partial one. */
export type ConvertedKey = { name: string; columns: string[]; folds: string[]; where: string | null };

/** Unique keys that stand on other than the plain columns, since SQLite’s collation or condition goes with them. */
export const foldedKeys = (mapping: TableMapping, table: SourceTable, goal: TargetTable): ConvertedKey[] =>
  table.indexes
    .filter(({ unique, columns }) => unique && columns.every((name) => name !== null))
    .flatMap(({ name, columns, terms, where }) => {
      const folds = terms.map(({ collation }) => collation);
      const own = [name, `${goal.name}_${columns.join('_')}_key`, `${goal.name}_pkey_folded`];
      const made = goal.indexes.find(
        (one) => own.includes(one.name) && !goal.uniqueKeys.some((key) => key.name === one.name),
      );
      const mapped = columns.every((one) => mapping.columns.some(({ source }) => source === one));
      return made && mapped ? [{ name: made.name, columns: columns as string[], folds, where }] : [];
    });

/**
 * Rows whose keys the source holds apart and the target would not: 1 and '1' as text, 'a' and 'a' without its NUL, one instant written
 * in two ways. Each key is made by the very encoder that copies it, under the chosen rules, before any row is moved.
 */
export function convertedKeyFindings(
  file: SqliteFile,
  mapping: TableMapping,
  key: ConvertedKey,
  { designed, chosen }: { designed: boolean; chosen: ChosenRules },
): Finding[] {
  const columns = key.columns.map((name) => {
    const column = mapping.columns.find(({ source }) => source === name) as ColumnMapping;
    return { ...column, type: alteredColumn(column.type, mapping.source, name, chosen), notNull: false };
  });
  const where = key.where === null ? [] : [`(${key.where})`];
  if (!columns.some((column) => mayMeet(file, mapping, column, chosen))) return [];
  const term = keyTerm(file, { mapping, columns, chosen, name: 'cutover_key', folds: key.folds });
  return alikeFindings(file, mapping, {
    name: key.name,
    shown: key.columns.map(quoteIdent),
    terms: [term],
    where,
    rules: designed ? ['leave-out-index'] : [],
    message: `${mapping.source} holds rows whose ${key.columns.join(', ')} the source keeps apart, and which are alike once they are converted (1 and '1' as text, a text without its NUL): the unique key ${key.name} would refuse them. ${designed ? 'Left out, nothing in the target keeps these values unique.' : 'Choose another rule for these values, or change them in the source.'}`,
  });
}

/** SQL for the bytes that a row's key becomes in the target; NULL where a cell of it is NULL or does not fit. */
export function keyTerm(
  file: SqliteFile,
  key: {
    mapping: TableMapping;
    columns: readonly ColumnMapping[];
    chosen: ChosenRules;
    name: string;
    folds?: readonly string[];
  },
): string {
  const { mapping, columns, chosen, name, folds = [] } = key;
  const encoders = columns.map((column) => columnEncoder(mapping.source, column, withExact(mapping, column, chosen)));
  const out = new RowBuffer(1024);
  file.db.function(name, { varargs: true, deterministic: true, safeIntegers: true }, (...cells: unknown[]) => {
    out.clear();
    for (const [i, encode] of encoders.entries()) {
      const start = out.length;
      const cell = exactText(cells[2 * i] as Cell, cells[2 * i + 1] as Buffer | null, file.encoding);
      // NULLs are apart; a value that does not fit has a finding of its own, and no key yet.
      if (cell === null || encode(cell, out) !== null || out.view(start).readInt32BE(0) < 0) return null;
      if (columns[i]?.type.type !== 'bytea') fold(out, start + 4, folds[i] ?? 'BINARY');
    }
    return out.copy();
  });
  const read = (column: string): string => mapping.reads?.[column] ?? quoteIdent(column);
  const cells = columns.map(
    ({ source }) => `${read(source)}, case typeof(${read(source)}) when 'text' then cast(${read(source)} as blob) end`,
  );
  return `${name}(${cells.join(', ')})`;
}

/** Whether a chosen rule gives values of the column another meaning than the type's own form of them. */
export const changesValues = (table: string, column: string, chosen: ChosenRules): boolean =>
  misfitCodes.some((code) => {
    const rule = ruleFor(chosen, table, column, code);
    return (
      rule !== null && !rule.startsWith('widen-') && !/^(set-null|empty-to-null|drop-not-null|leave-out)/.test(rule)
    );
  });

/** Whether two values of the column may become one: other storage classes than the type’s own, several ways to write a time, or a rule that changes values. */
function mayMeet(
  { db }: SqliteFile,
  mapping: TableMapping,
  { source, type }: ColumnMapping,
  chosen: ChosenRules,
): boolean {
  if (['bool', 'date', 'timestamp', 'timestamptz'].includes(type.type)) return true;
  const changes = changesValues(mapping.source, source, chosen);
  const own = /^(text|varchar|bpchar|citext|enum)$/.test(type.type) ? 'text' : type.type === 'bytea' ? 'blob' : null;
  if (changes || own === null) return changes;
  const other = [...mapping.keep.map(({ sql }) => sql), `typeof(${quoteIdent(source)}) not in ('${own}', 'null')`];
  return (
    db
      .prepare(`${selectSql('1', mapping.source, mapping.scope, other)} limit 1`)
      .get(...(mapping.scope ? [mapping.scope.value] : [])) !== undefined
  );
}

/** Numbers and blobs among texts are read as the safest rule would convert them, so that they are told before one is chosen. */
function withExact({ source: table }: TableMapping, { source, type }: ColumnMapping, chosen: ChosenRules): ChosenRules {
  if (type.type !== 'text') return chosen;
  const codes = (['class_differs', 'blob_in_text'] as const).filter(
    (code) => ruleFor(chosen, table, source, code) === null,
  );
  const rule: RuleName = 'convert-exact';
  return [...chosen, ...codes.map((code) => ({ key: findingKey(table, source, code), rule }))];
}

/** What SQLite’s collation takes for alike: A–Z as a–z, or no spaces at the end. */
function fold(out: RowBuffer, from: number, collation: string): void {
  const { bytes } = out;
  if (collation === 'NOCASE')
    for (let at = from; at < out.length; at += 1)
      if ((bytes[at] as number) >= 65 && (bytes[at] as number) <= 90) bytes[at] = (bytes[at] as number) + 32;
  if (collation === 'RTRIM') {
    while (out.length > from && bytes[out.length - 1] === 32) out.length -= 1;
    out.bytes.writeInt32BE(out.length - from, from - 4);
  }
}
