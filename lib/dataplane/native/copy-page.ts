import type { Statement } from 'better-sqlite3';
import type { Cell } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { loadAccelerator } from './accelerator';

/** `unusual`: the row after these is one for the TypeScript encoder. */
export type NativePage = {
  bytes: Buffer;
  rows: number;
  firstKey: Cell[];
  lastKey: Cell[];
  state: 'more' | 'end' | 'unusual';
};
export type PageLimits = { framed: boolean; rows: number; bytes: number };
export type CopyPage = (sql: string, kinds: string, limits: PageLimits, parameters: Cell[]) => NativePage;

const loaded = new WeakMap<SqliteFile['db'], { copyPage: CopyPage | null; reason: string }>();

/** The accelerator of an open file, loaded once; null, with the reason, where it cannot be used. */
export function copyPageOf(file: SqliteFile): { copyPage: CopyPage | null; reason: string } {
  const known = loaded.get(file.db);
  if (known) return known;
  const reason = loadAccelerator(file);
  const one = { copyPage: reason ? null : pageReader(file), reason };
  loaded.set(file.db, one);
  return one;
}

function pageReader({ db }: SqliteFile): CopyPage {
  const statements = new Map<number, Statement<unknown[]>>();
  return (sql, kinds, { framed, rows, bytes }, parameters) => {
    let statement = statements.get(parameters.length);
    if (!statement) {
      statement = db
        .prepare(`select cutover_copy_page(?, ?, ?, ?, ?${', ?'.repeat(parameters.length)})`)
        .pluck() as Statement<unknown[]>;
      statements.set(parameters.length, statement);
    }
    return readPage(statement.get(sql, kinds, framed ? 1 : 0, rows, bytes, ...parameters) as Buffer);
  };
}

const states = ['more', 'end', 'unusual'] as const;

function readPage(page: Buffer): NativePage {
  const end = page.length - 12;
  const rowBytes = page.readUInt32LE(end);
  const keys = readCells(page, rowBytes, end);
  return {
    bytes: page.subarray(0, rowBytes),
    rows: page.readUInt32LE(end + 4),
    state: states[page.readUInt32LE(end + 8)] as NativePage['state'],
    firstKey: keys.slice(0, keys.length / 2),
    lastKey: keys.slice(keys.length / 2),
  };
}

function readCells(page: Buffer, start: number, end: number): Cell[] {
  const key: Cell[] = [];
  for (let at = start; at < end; ) {
    const tag = String.fromCharCode(page[at] as number);
    at += 1;
    if (tag === 'n') key.push(null);
    else if (tag === 'i' || tag === 'r') {
      key.push(tag === 'i' ? page.readBigInt64BE(at) : page.readDoubleBE(at));
      at += 8;
    } else {
      const size = page.readInt32BE(at);
      const bytes = page.subarray(at + 4, at + 4 + size);
      key.push(tag === 't' ? bytes.toString('utf8') : Buffer.from(bytes));
      at += 4 + size;
    }
  }
  return key;
}
