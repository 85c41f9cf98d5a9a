import type Database from 'better-sqlite3';
import { quoteIdent, quoteText } from '@/lib/sources/quote';
import { RawText } from '@/lib/sources/source';
import { cellOf, classOf, rawOf } from './json-cell';
import type { JsonRecord } from './read-records';
import { broad, kindOf, mostFrequent, type RecordColumn, type RecordColumns } from './stage-columns';
import { sampleRows } from './sample-rows';
import { keyFindings } from './stage-keys';
import { type ColumnKind, declaredTypes, type RecordSet, type StagedFinding } from './store';

type Shaped = RecordColumn & { kind: ColumnKind; hidden: { raw: string; classes: string } | null };
const places = ['row', 'file', 'line', 'offset', 'bytes'].map((name) => `cutover_json_${name}`);

/** One table of a staging file: its columns, its rows, and where in which file each of them stands. */
export class StagedTable {
  private readonly shaped: Shaped[];
  private readonly statements = new Map<string, Database.Statement>();
  private readonly cell: Database.Statement;
  private readonly key: string | null;
  private row = 0;

  constructor(
    private readonly db: Database.Database,
    private readonly set: RecordSet,
    private readonly columns: RecordColumns,
  ) {
    this.shaped = columns.list.map((column, i) => {
      const kind = kindOf(column);
      const hidden = kind === 'mixed' ? { raw: `cutover_json_raw_${i}`, classes: `cutover_json_class_${i}` } : null;
      return { ...column, kind, hidden };
    });
    this.key = keyOf(set, columns, this.shaped);
    const listed = this.shaped.map(({ name, kind }) => `${quoteIdent(name)} ${declaredTypes[kind]}`.trim());
    const hidden = this.shaped.flatMap(({ hidden }) =>
      hidden ? [`${hidden.raw} blob`, `${hidden.classes} blob`] : [],
    );
    const all = [...listed, ...hidden, ...places.map((name) => `${name} integer`)];
    db.exec(`create table ${quoteIdent(set.table)} (${all.join(', ')})`);
    this.cell = db.prepare('insert into cutover_json_cells values (?, ?, ?)');
  }

  insert(record: JsonRecord, file: number): void {
    this.row += 1;
    const cells: unknown[] = this.shaped.map(() => null);
    const extra = new Map<string, unknown>();
    for (const { column, value, repeated } of this.columns.place(record, false, this.row)) {
      const { name, from, hidden } = this.shaped[column] as Shaped;
      const asJson = from.by === 'pointer' && from.json && value.kind !== 'null';
      cells[column] = bound(asJson ? rawOf(value) : cellOf(value));
      if (hidden && value.kind !== 'null') {
        extra.set(hidden.raw, bound(rawOf(value)));
        extra.set(hidden.classes, broad(classOf(value)));
      }
      if (repeated) this.cell.run(this.set.table, name, this.row);
    }
    for (const { hidden } of this.shaped)
      if (hidden) cells.push(extra.get(hidden.raw) ?? null, extra.get(hidden.classes) ?? null);
    const { line, offset, raw } = record;
    cells.push(BigInt(this.row), BigInt(file), BigInt(line), BigInt(offset), BigInt(raw.length));
    this.statementFor(cells).run(...cells);
  }

  /** Bytes that are no valid text are bound as a blob and become text as they are. */
  private statementFor(cells: readonly unknown[]): Database.Statement {
    const marks = cells.map((cell) => (Buffer.isBuffer(cell) ? 'cast(? as text)' : '?')).join(', ');
    let found = this.statements.get(marks);
    if (!found) {
      found = this.db.prepare(`insert into ${quoteIdent(this.set.table)} values (${marks})`);
      this.statements.set(marks, found);
    }
    return found;
  }

  /** Indexes, what the columns are, and what was found. */
  finish(): StagedFinding[] {
    const { db, set, columns } = this;
    const insert = db.prepare('insert into cutover_json_columns values (?, ?, ?, ?, ?, ?, ?)');
    for (const one of this.shaped) {
      const { name, from, kind, hidden } = one;
      const most = hidden ? mostFrequent(one).name : null;
      insert.run(set.table, name, JSON.stringify(from), kind, hidden?.raw ?? null, hidden?.classes ?? null, most);
    }
    db.prepare('insert into cutover_json_tables values (?, ?, ?, ?)').run(
      set.table,
      JSON.stringify(set),
      this.key,
      columns.records,
    );
    if (this.key !== null)
      db.exec(
        `create index ${quoteIdent(`cutover_json_key_${set.table}`)} on ${quoteIdent(set.table)} (${quoteIdent(this.key)})`,
      );
    return [
      ...this.shaped.flatMap((one) => [
        ...this.typesDiffer(one),
        ...this.repeatedKeys(one),
        ...this.nullsAndMissing(one),
      ]),
      ...keyFindings(db, set, this.key),
      ...columns.renamed.map(({ key, name }) =>
        this.found(
          'names_alike',
          name,
          '1',
          [],
          `Key ${JSON.stringify(key)} becomes column ${JSON.stringify(name)}: another column’s name differs from it in upper and lower case only, or is one of our own.`,
        ),
      ),
      ...[...columns.unread].map(([key, count]) =>
        this.found(
          'member_not_read',
          key,
          String(count),
          [],
          `Key ${JSON.stringify(key)} of ${count} records is read by no column of ${set.table}; it is not moved.`,
        ),
      ),
    ];
  }

  private typesDiffer(one: Shaped): StagedFinding[] {
    if (!one.hidden) return [];
    const { name: most, others } = mostFrequent(one);
    const { classes, raw } = one.hidden;
    const sample = this.sample(`${classes} <> ${quoteText(most)}`, raw);
    const held = [...one.counts].map(([name, count]) => `${count} ${words[name]}`).join(', ');
    return [
      this.found(
        'types_differ',
        one.name,
        String(others),
        sample,
        `${this.set.table}.${one.name} holds values of several types: ${held}.${first(sample)}`,
      ),
    ];
  }

  private repeatedKeys(one: Shaped): StagedFinding[] {
    if (!one.repeated) return [];
    const rows = `cutover_json_row in (select row from cutover_json_cells where tbl = ${quoteText(this.set.table)} and col = ${quoteText(one.name)})`;
    const sample = this.sample(rows, quoteIdent(one.name));
    return [
      this.found(
        'json_duplicate_key',
        one.name,
        String(one.repeated),
        sample,
        `${one.repeated} record${one.repeated === 1 ? ' has' : 's have'} the key ${JSON.stringify(one.name)} more than once.${first(sample)}`,
      ),
    ];
  }

  /** Both become NULL: nothing in a column tells them apart. */
  private nullsAndMissing({ name, counts }: Shaped): StagedFinding[] {
    const nulls = counts.get('null') ?? 0;
    const missing = this.columns.records - [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (!nulls || !missing) return [];
    return [
      this.found(
        'null_and_missing',
        name,
        String(nulls + missing),
        [],
        `${this.set.table}.${name} is null in ${nulls} records and missing in ${missing}; both become NULL.`,
      ),
    ];
  }

  private found(
    code: StagedFinding['code'],
    column: string,
    count: string,
    sample: StagedFinding['sample'],
    message: string,
  ): StagedFinding {
    return { code, table: this.set.table, column, count, sample, message };
  }

  private sample(where: string, value: string): StagedFinding['sample'] {
    return sampleRows(this.db, this.set.table, this.key, where, value);
  }
}

const words: Record<string, string> = {
  null: 'null',
  boolean: 'true or false',
  integer: 'whole numbers',
  number: 'numbers',
  text: 'texts',
  nested: 'objects or arrays',
};
const first = (sample: StagedFinding['sample']): string =>
  sample[0] ? ` The first is at ${sample[0].value.split(' ', 1)[0]}.` : '';

const bound = (cell: unknown): unknown => (cell instanceof RawText ? cell.bytes : cell);

/** The declared key, or `id` where every record has one; only what a key can stand on. */
function keyOf({ key }: RecordSet, { records }: RecordColumns, columns: readonly Shaped[]): string | null {
  const found = columns.find(({ name }) => name === (key ?? 'id'));
  if (!found || !['integer', 'text', 'number'].includes(found.kind)) return null;
  const present = [...found.counts].reduce((sum, [name, count]) => sum + (name === 'null' ? 0 : count), 0);
  return key === undefined && present < records ? null : found.name;
}
