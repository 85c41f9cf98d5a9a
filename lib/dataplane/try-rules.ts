import type { Cell } from '@/lib/sources/source';
import type { RowReader } from '@/lib/sources/sqlite-rows';
import { columnEncoder } from './encode-row';
import type { ValueEncoder } from './encode-value';
import type { Misfit, RuleName } from './finding-types';
import { RowBuffer } from './row-buffer';
import { alteredColumn, looksLikeHex, rulesOnOffer } from './rules';
import { breathe } from './source-readers';
import type { ChosenRules, ColumnMapping, Finding, TableMapping } from './types';

type Trial = {
  finding: Finding;
  rule: RuleName;
  column: number;
  encode: ValueEncoder;
  widens: boolean;
  works: boolean;
};

/**
 * Reads the table once more and tries every rule that may help on every value of its column: a rule stays on offer only if
 * it leads each value that has this trouble into the target, and, where it alters the column, every other value too.
 * A value with a second trouble may be left to that trouble’s own finding.
 */
export async function tryRules(
  reader: RowReader,
  mapping: TableMapping,
  findings: readonly Finding[],
  { carried, allowed }: { carried: ChosenRules; allowed: (column: ColumnMapping, rule: RuleName) => boolean },
  signal: AbortSignal,
): Promise<Map<Finding, RuleName[]>> {
  const trials = findings.flatMap((finding) => trialsOf(finding, mapping, allowed));
  const known = new Set(findings.map(({ column, code }) => `${column}.${code}`));
  const dirty = [...new Set(trials.map(({ column }) => column))].map((column) => ({
    column,
    plain: columnEncoder(mapping.source, mapping.columns[column] as ColumnMapping, carried),
    trials: trials.filter((trial) => trial.column === column),
  }));
  const out = new RowBuffer();
  for (let page = reader.read(null); page; page = reader.read(page.lastKey)) {
    for (const row of page.rows)
      for (const { column, plain, trials: own } of dirty) {
        out.clear();
        const cell = row[column] as Cell;
        const misfit = plain(cell, out);
        for (const trial of own) if (trial.works) judge(trial, cell, misfit, known, out);
      }
    await breathe();
    signal.throwIfAborted();
  }
  return new Map(
    findings.map((finding) => [
      finding,
      onlyNeeded(trials.filter((trial) => trial.finding === finding && trial.works).map(({ rule }) => rule)),
    ]),
  );
}

function trialsOf(
  finding: Finding,
  mapping: TableMapping,
  allowed: (column: ColumnMapping, rule: RuleName) => boolean,
): Trial[] {
  const column = mapping.columns.findIndex(({ source }) => source === finding.column);
  const own = mapping.columns[column] as ColumnMapping;
  return rulesOnOffer(finding.code as Misfit, own.type)
    .filter((rule) => allowed(own, rule))
    .map((rule) => {
      const rules = [{ key: finding.key, rule }];
      const type = alteredColumn(own.type, mapping.source, own.source, rules);
      const encode = columnEncoder(mapping.source, { ...own, type, notNull: type.notNull }, rules);
      return { finding, rule, column, encode, widens: rule.startsWith('widen-'), works: true };
    });
}

function judge(trial: Trial, cell: Cell, misfit: Misfit | null, known: Set<string>, out: RowBuffer): void {
  if (trial.rule === 'leave-out-rows') return;
  // In hex a blob must be apart from every text of the column.
  if (trial.rule === 'widen-to-text-hex' && looksLikeHex(cell)) trial.works = false;
  const own = misfit === trial.finding.code;
  if (!own && (misfit !== null || !trial.widens)) return;
  out.clear();
  const left = trial.encode(cell, out);
  if (left !== null && (left === trial.finding.code || !known.has(`${trial.finding.column}.${left}`)))
    trial.works = false;
}

/** Where one unit fits all numbers, reading each in another unit is no offer; nor is hex where there is no blob. */
function onlyNeeded(rules: RuleName[]): RuleName[] {
  const oneUnit = rules.some((rule) => /^epoch-.*seconds$/.test(rule));
  const plainText = rules.includes('widen-to-text');
  return rules.filter((rule) => !(oneUnit && rule === 'epoch-by-size') && !(plainText && rule === 'widen-to-text-hex'));
}
