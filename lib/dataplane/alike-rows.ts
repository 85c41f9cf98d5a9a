import type { Cell } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { type AlikeQuery, alikeSql } from '@/lib/sources/sqlite-sql';
import type { RuleName } from './finding-types';
import { finding } from './findings';
import { sampleText } from './sample-text';
import type { Finding, TableMapping } from './types';

const mostSamples = 5;

type Alike = Pick<AlikeQuery, 'shown' | 'terms'> & {
  where?: readonly string[];
  /** Name of the key. */
  name: string;
  message: string;
  rules?: RuleName[];
};

/** The finding of rows that one key takes for alike: how many they are, and the first groups by what is shown of them. */
export function alikeFindings(
  { db }: SqliteFile,
  mapping: TableMapping,
  { shown, terms, where = [], name, message, rules = [] }: Alike,
): Finding[] {
  const { source: table, scope, keep } = mapping;
  const conditions = [...keep.map(({ sql }) => sql), ...where];
  const groups = db
    .prepare(alikeSql({ table, scope, conditions, shown, terms }))
    .raw()
    .all(...(scope ? [scope.value] : [])) as Cell[][];
  if (!groups.length) return [];
  const count = groups.reduce((sum, row) => sum + (row.at(-1) as bigint), 0n);
  const sample = groups
    .slice(0, mostSamples)
    .map((row) => ({ key: row.slice(0, -1).map(sampleText).join(', '), value: `${row.at(-1)} rows` }));
  return [finding({ code: 'duplicate_key', table, column: name, count, sample, message, rules })];
}
