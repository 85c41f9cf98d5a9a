import { foldAscii } from '@/lib/sources/scope';
import { classOf, type ValueClass } from './json-cell';
import { type JsonRecord, type JsonValue, membersOf, valueAt } from './read-records';
import { type ColumnKind, type RecordSet, stagedPrefix } from './store';

type From =
  | { by: 'key'; key: string }
  | { by: 'pointer'; pointer: string; json: boolean }
  | { by: 'name' }
  | { by: 'position' }
  | { by: 'whole' };
export type RecordColumn = {
  name: string;
  from: From;
  counts: Map<ValueClass, number>;
  /** Records that hold its key more than once. */
  repeated: number;
};
/** A value of a record for a column; `repeated`: the last of several under the same key. */
export type Placed = { column: number; value: JsonValue; repeated: boolean };

const mostColumns = 1_600;
/** Records with more different keys than a table has room for. */
export class TooManyKeys extends Error {}

/** The columns of a record set, found as its records pass by. */
export class RecordColumns {
  readonly list: RecordColumn[] = [];
  records = 0;
  /** Members that the declared columns do not read → records that have them. */
  readonly unread = new Map<string, number>();
  /** Columns whose key had to take another name. */
  readonly renamed: { key: string; name: string }[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly taken = new Set<string>();
  private whole = -1;
  private readonly heads: Set<string>;

  constructor(private readonly set: RecordSet) {
    if (set.position_column !== undefined) this.add(set.position_column, { by: 'position' });
    if (set.name_column !== undefined) this.add(set.name_column, { by: 'name' });
    const chosen = set.columns === 'auto' ? {} : set.columns;
    for (const [name, { pointer, type }] of Object.entries(chosen))
      this.add(name, { by: 'pointer', pointer, json: type === 'json' });
    const pointers = Object.values(chosen).map(({ pointer }) => pointer);
    this.heads = new Set(pointers.map((pointer) => pointer.split('/')[1] ?? ''));
    if (pointers.includes('')) this.heads.clear();
    this.readsAll = pointers.includes('');
  }
  private readonly readsAll: boolean;

  /** Values of a record by column. New keys become columns while `grow` is set. `row` counts the records from 1.
   *  @throws TooManyKeys beyond 1,600 columns */
  place(record: JsonRecord, grow: boolean, row: number): Placed[] {
    const placed: Placed[] = [];
    this.list.forEach(({ from }, column) => {
      const value = outerValue(from, record, row);
      if (value) placed.push({ column, value, repeated: false });
    });
    if (this.set.columns === 'auto') this.placeMembers(record, grow, placed);
    else if (grow) this.noteUnread(record);
    if (grow) this.count(placed);
    return placed;
  }

  private placeMembers(record: JsonRecord, grow: boolean, placed: Placed[]): void {
    if (record.kind !== 'object') {
      if (this.whole < 0 && grow) this.whole = this.add('value', { by: 'whole' });
      if (this.whole >= 0) placed.push({ column: this.whole, value: record, repeated: false });
      return;
    }
    const own = new Map<number, Placed>();
    for (const { key, ...value } of membersOf(record.raw)) {
      let column = this.byKey.get(key);
      if (column === undefined) {
        if (!grow) continue;
        column = this.add(this.set.fields?.[key] ?? key, { by: 'key', key });
        this.byKey.set(key, column);
      }
      own.set(column, { column, value, repeated: own.has(column) });
    }
    placed.push(...own.values());
  }

  private count(placed: readonly Placed[]): void {
    this.records += 1;
    for (const { column, value, repeated } of placed) {
      const one = this.list[column] as RecordColumn;
      const found = classOf(value);
      one.counts.set(found, (one.counts.get(found) ?? 0) + 1);
      if (repeated) one.repeated += 1;
    }
  }

  private noteUnread(record: JsonRecord): void {
    if (record.kind !== 'object' || this.readsAll) return;
    for (const { key } of membersOf(record.raw))
      if (!this.heads.has(key.replaceAll('~', '~0').replaceAll('/', '~1')))
        this.unread.set(key, (this.unread.get(key) ?? 0) + 1);
  }

  /** SQLite takes `Id` and `id` for the same name; JSON does not. */
  private add(key: string, from: From): number {
    if (this.list.length === mostColumns) throw new TooManyKeys(`more than ${mostColumns} different keys`);
    let name = key;
    for (let n = 2; this.taken.has(foldAscii(name)) || foldAscii(name).startsWith(stagedPrefix); n += 1)
      name = `${foldAscii(key).startsWith(stagedPrefix) ? 'own_' : ''}${key}_${n}`;
    if (name !== key) this.renamed.push({ key, name });
    this.taken.add(foldAscii(name));
    return this.list.push({ name, from, counts: new Map(), repeated: 0 }) - 1;
  }
}

/** What does not come from a member of the record by its key. */
function outerValue(from: From, record: JsonRecord, row: number): JsonValue | null {
  if (from.by === 'position') return { kind: 'number', raw: Buffer.from(String(row)) };
  if (from.by === 'pointer') return valueAt(record, from.pointer);
  const named = from.by === 'name' && record.name !== null;
  return named ? { kind: 'text', raw: Buffer.from(JSON.stringify(record.name)) } : null;
}

/** What a column holds, all records together. */
export function kindOf({ counts, from }: RecordColumn): ColumnKind {
  const classes = [...counts.keys()].filter((one) => one !== 'null');
  if (!classes.length) return 'empty';
  if (from.by === 'pointer' && from.json) return 'nested';
  if (classes.length === 1) return classes[0] as ColumnKind;
  return classes.every((one) => one === 'integer' || one === 'number') ? 'number' : 'mixed';
}

/** The most frequent class of a column: what the others differ from; numbers are one class. */
export function mostFrequent({ counts }: RecordColumn): { name: ValueClass; others: number } {
  const sums = new Map<ValueClass, number>();
  for (const [one, count] of counts) if (one !== 'null') sums.set(broad(one), (sums.get(broad(one)) ?? 0) + count);
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  return { name: sorted[0]?.[0] ?? 'null', others: sorted.slice(1).reduce((sum, [, count]) => sum + count, 0) };
}

export const broad = (one: ValueClass): ValueClass => (one === 'integer' ? 'number' : one);
