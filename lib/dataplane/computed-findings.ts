import type pg from 'pg';
import type { Cell, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { ComputedTrial } from './computed-trial';
import { encodeFitting, fittingEncoders } from './encode-fitting';
import { finding } from './findings';
import { targetTableOf } from './may-alter';
import { rolledBack } from './rolled-back';
import { RowBuffer } from './row-buffer';
import { keyText, sampleText } from './sample-text';
import { breathe, mappedReader, mappedTables } from './source-readers';
import type { ChosenRules, ColumnMapping, Finding, TableMapping, TablePlan, TargetSchema } from './types';

const mostSamples = 5;
type Input = { plan: TablePlan; target: TargetSchema; signal: AbortSignal; rules: ChosenRules };

/**
 * Columns that both sides compute, where the target would not come to the source’s value, or fails: known by having the server compute
 * them over the source’s rows, in a temporary table that is rolled back. The profile’s own tables are not touched.
 */
export async function computedFindings(client: pg.Client, file: SqliteFile, input: Input): Promise<Finding[]> {
  const computing = input.plan.tables.filter(({ computed }) => computed?.length);
  const findings: Finding[] = [];
  for (const { mapping, table } of computing.length ? mappedTables(file, computing) : [])
    findings.push(...(await computedOf(client, file, mapping, table, input)));
  return findings;
}

async function computedOf(
  client: pg.Client,
  file: SqliteFile,
  mapping: TableMapping,
  table: SourceTable,
  { target, signal, rules }: Input,
): Promise<Finding[]> {
  const expressionOf = (name: string): string =>
    targetTableOf(mapping, target)?.columns.find((column) => column.name === name)?.defaultSql ?? 'null';
  const computed = (mapping.computed ?? []).map((column) => ({ column, expression: expressionOf(column.target) }));
  const readBy = ({ target: name }: ColumnMapping, expression: string): boolean => expression.includes(name);
  const base = mapping.columns.filter((column) => computed.some(({ expression }) => readBy(column, expression)));
  const keys = mapping.columns.filter((column) => mapping.key.includes(column.source) && !base.includes(column));
  const given = [...base, ...computed.map(({ column }) => column)];
  const whole = { ...mapping, columns: [...given, ...keys] };
  const encoders = fittingEncoders(mapping.source, given, rules);
  /** Computed columns that a cell which does not fit has a part in: whatever rule answers it, both sides no longer compute with the same. */
  const reach = given.map((column, at) =>
    computed.flatMap(({ expression }, i) =>
      at === base.length + i || (at < base.length && readBy(column, expression)) ? [i] : [],
    ),
  );
  const notes = computed.map(() => ({ count: 0n, sample: [] as Finding['sample'] }));
  const note = (i: number, row: readonly Cell[]): void => {
    const one = notes[i] as (typeof notes)[number];
    one.count += 1n;
    if (one.sample.length < mostSamples)
      one.sample.push({ key: keyText(whole, table, row), value: sampleText(row[base.length + i] ?? null) });
  };
  await rolledBack(client, async () => {
    const trial = await ComputedTrial.make(client, base, computed);
    const reader = mappedReader(file, { mapping: whole, table });
    const out = new RowBuffer();
    for (let page = reader.read(null); page; page = reader.read(page.lastKey)) {
      out.clear();
      const { rows } = page;
      const unlike = rows.map((row) => new Set(encodeFitting(row, encoders, out).flatMap((at) => reach[at] ?? [])));
      for (const { row, column } of await trial.unlike(out.view())) unlike[row]?.add(column);
      unlike.forEach((columns, i) => {
        for (const column of columns) note(column, rows[i] as Cell[]);
      });
      await breathe();
      signal.throwIfAborted();
    }
  });
  return computed.flatMap(({ column: { source, type } }, i) => {
    const { count, sample } = notes[i] as (typeof notes)[number];
    if (!count) return [];
    return [
      finding({
        code: 'generated_differs',
        table: mapping.source,
        column: source,
        count,
        sample,
        rules: target.designed ? ['keep-values'] : [],
        message: `${mapping.source}.${source} is computed by both sides, and for these rows PostgreSQL does not come to the source’s value: it fails, or yields another ${type.typeText}.`,
      }),
    ];
  });
}
