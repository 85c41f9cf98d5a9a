import type { RecordFormat } from './read-records';

/** A column by pointer into the record; `json`: its exact JSON text, whatever it is. Pointer '' is the whole record. */
export type ColumnChoice = { pointer: string; type?: 'json' | undefined };

/** Records that become rows of one table. */
export type RecordSet = {
  table: string;
  /** Name below the store’s folder; `*` stands for any characters but `/`. */
  files: string;
  format: RecordFormat;
  /** Lists of an object-of-arrays. */
  pointer?: string | string[] | undefined;
  /** Column for what names a record from outside: key of an object-map, list of an object-of-arrays, file of a single. */
  name_column?: string | undefined;
  /** Column that is the key; without it `id`, where every record has one. */
  key?: string | undefined;
  /** Column for the record’s place among those of its set: 1, 2, 3. */
  position_column?: string | undefined;
  columns: 'auto' | Record<string, ColumnChoice>;
  /** With `auto`: key of a record → its column, where that has another name. */
  fields?: Record<string, string> | undefined;
};

/** A store: a folder (or one file) and what of it becomes which table. Without record sets they are found in the files. */
export type JsonStore = {
  path: string;
  allowedRoots: readonly string[];
  records: readonly RecordSet[];
  /** Files that stay what they are on purpose, as patterns: told, never moved. */
  stays?: readonly string[] | undefined;
};

/** What of a store’s description decides how its files are staged. */
export const settingsOf = ({ records, stays = [] }: Pick<JsonStore, 'records' | 'stays'>): string =>
  JSON.stringify([records, stays]);

export const pointersOf = ({ pointer = [] }: RecordSet): string[] =>
  typeof pointer === 'string' ? [pointer] : pointer;

/** Objects of ours in a staging file begin with this; they are no part of its schema. */
export const stagedPrefix = 'cutover_json_';

/** Declared types of a staging file. Their affinity changes no value; the names say what the values are. */
export const declaredTypes = {
  empty: '',
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  number: 'EXACT NUMBER BLOB',
  text: 'TEXT',
  nested: 'JSON TEXT',
  mixed: 'MIXED JSON BLOB',
} as const;
export type ColumnKind = keyof typeof declaredTypes;

/** What staging found; `column` and `table` as in a finding. */
export type StagedFinding = {
  code:
    | 'types_differ'
    | 'json_duplicate_key'
    | 'torn_tail'
    | 'byte_order_mark'
    | 'line_not_json'
    | 'duplicate_key'
    | 'id_differs_from_file'
    | 'alike_after_folding'
    | 'member_not_read'
    | 'file_not_read'
    | 'file_stays'
    | 'name_changed'
    | 'names_alike'
    | 'empty_file'
    | 'null_and_missing';
  table: string;
  column: string | null;
  count: string;
  message: string;
  sample: { key: string; value: string }[];
};

export type StagedColumn = {
  kind: ColumnKind;
  /** Hidden columns of a mixed column: exact JSON text, class of each value. */
  raw: string | null;
  classes: string | null;
  /** Most frequent class. */
  most: string | null;
};
