import { placeOfRow } from '@/lib/sources/json-store/staged-schema';
import { type Cell, storageClass } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import type { Misfit } from './finding-types';
import { finding } from './findings';
import { misfitMessage } from './misfit-messages';
import { keyText, sampleText } from './sample-text';
import type { MappedTable } from './source-readers';
import type { ColumnMapping, Finding } from './types';

const mostSamples = 5;

/** The cells of one table that do not fit, counted by column and reason. */
export class MisfitNotes {
  private readonly noted = new Map<string, { found: Finding; classes: Set<string>; place: string }>();

  constructor(
    private readonly file: SqliteFile,
    private readonly one: MappedTable,
  ) {}

  add(row: readonly Cell[], index: number, misfit: Misfit, cell: Cell): void {
    const { mapping, table } = this.one;
    const { source } = mapping.columns[index] as ColumnMapping;
    const id = `${source}.${misfit}`;
    let note = this.noted.get(id);
    if (!note) {
      const found = finding({ code: misfit, table: mapping.source, column: source, count: 0n, message: '' });
      note = { found, classes: new Set(), place: this.placeOf(row) };
      this.noted.set(id, note);
    }
    note.found.count += 1n;
    note.classes.add(storageClass(cell));
    if (note.found.sample.length < mostSamples)
      note.found.sample.push({ key: keyText(mapping, table, row), value: sampleText(cell) });
  }

  /** With a message that is true of all cells of each. */
  findings(): Finding[] {
    const { mapping } = this.one;
    return [...this.noted.values()].map(({ found, classes, place }) => {
      const type = mapping.columns.find(({ source }) => source === found.column)?.type.typeText ?? '';
      const said = misfitMessage(found.code as Misfit, `${mapping.source}.${found.column}`, type, [...classes]);
      return Object.assign(found, { message: `${said}${place}` });
    });
  }

  /** Where the first of them stands in the files of a JSON store. Rows of a staging file are read by rowid, which stands last. */
  private placeOf(row: readonly Cell[]): string {
    const { table } = this.one;
    const id = table.staged ? row.at(-1) : null;
    const place = typeof id === 'bigint' ? placeOfRow(this.file, table.name, id) : null;
    return place === null ? '' : ` The first is at ${place}.`;
  }
}
