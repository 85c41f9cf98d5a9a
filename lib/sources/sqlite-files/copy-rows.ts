import type Database from 'better-sqlite3';
import { quoteIdent, quoteList } from '@/lib/sources/quote';
import { foldAscii } from '@/lib/sources/scope';

/** A table of the attached file, as far as copying and comparing its rows needs it. */
export type PartTable = {
  name: string;
  /** Columns with a value of their own: generated ones follow. */
  columns: string[];
  /** A name for the rowid that no column hides; null where a column is the rowid, or there is none. */
  rowid: string | null;
  /** Columns that find a row again; empty where only the rowid does. */
  key: string[];
};

type Column = { name: string; type: string; pk: bigint; hidden: bigint };

export function tableOf(db: Database.Database, name: string): PartTable {
  const columns = db
    .prepare("select name, type, pk, hidden from pragma_table_xinfo(?, 'part') where hidden <> 1")
    .all(name) as Column[];
  const withoutRowid = db
    .prepare("select wr from pragma_table_list where schema = 'part' and name = ?")
    .pluck()
    .get(name);
  const keys = columns.filter(({ pk }) => pk > 0n);
  const alias = keys.length === 1 && foldAscii(keys[0]?.type ?? '') === 'integer' ? keys[0] : undefined;
  const taken = new Set(columns.map((column) => foldAscii(column.name)));
  const free = ['rowid', '_rowid_', 'oid'].find((one) => !taken.has(one)) ?? null;
  const rowid = withoutRowid === 1n || alias ? null : free;
  return {
    name,
    columns: columns.filter(({ hidden }) => hidden === 0n).map((column) => column.name),
    rowid,
    key: withoutRowid === 1n ? keys.map((column) => column.name) : alias ? [alias.name] : [],
  };
}

export function copyRows(db: Database.Database, { name, columns, rowid }: PartTable, to: string): void {
  const listed = [...(rowid ? [rowid] : []), quoteList(columns)].join(', ');
  db.exec(`insert into main.${quoteIdent(to)} (${listed}) select ${listed} from part.${quoteIdent(name)}`);
}

/** Rows of the part that the merged file does not hold cell for cell: class and value, byte by byte. */
export function countUnlike(db: Database.Database, table: PartTable, to: string): bigint {
  const { name, columns, rowid, key } = table;
  const on = rowid
    ? `m.${rowid} = p.${rowid}`
    : key.map((column) => `m.${quoteIdent(column)} = p.${quoteIdent(column)} collate binary`).join(' and ');
  const unlike = columns.map((column) => {
    const [a, b] = [`p.${quoteIdent(column)}`, `m.${quoteIdent(column)}`];
    return `typeof(${a}) <> typeof(${b}) or ${a} is not ${b} collate binary or (typeof(${a}) = 'text' and cast(${a} as blob) is not cast(${b} as blob))`;
  });
  const there = rowid ? `m.${rowid} is null` : `m.${quoteIdent(key[0] ?? '')} is null`;
  const sql = `select count(*) from part.${quoteIdent(name)} p left join main.${quoteIdent(to)} m on ${on} where ${[there, ...unlike].join(' or ')}`;
  return db.prepare(sql).pluck().get() as bigint;
}
