import type { StagedColumn, StagedFinding } from '@/lib/sources/json-store/store';
import { quoteIdent, quoteText } from '@/lib/sources/quote';
import type { SourceSchema, SourceTable } from '@/lib/sources/source';
import { finding } from './findings';
import { mostKept, ruleFor } from './rules';
import type { ChosenRules, ColumnMapping, RuleName, TableMapping, TablePlan, TargetSchema } from './types';

const isJson = ({ type }: ColumnMapping): boolean => type.type === 'json' || type.type === 'jsonb';

/** Findings of a staged JSON store, and the chosen rules on its mappings: what is read in place of a column, which rows are left out. */
export function addStaged(source: SourceSchema, plan: TablePlan, target: TargetSchema, rules: ChosenRules): void {
  if (!source.stagedFindings) return;
  for (const found of source.stagedFindings) {
    const mapping = plan.tables.find(({ source: name }) => name === found.table);
    const column = mapping?.columns.find((one) => one.source === found.column);
    const offered = rulesOf(found, column, target.designed === true);
    if (!offered) continue;
    const { code, table, column: name, message, sample } = found;
    const count = BigInt(found.count);
    plan.findings.push(
      finding({ code, table, column: name, count, message, sample, rules: offered, blocking: offered.length > 0 }),
    );
    const rule = ruleFor(rules, table, name, code);
    if (rule === 'leave-out-rows' || rule === 'leave-out' || rule?.startsWith('keep-f') || rule === 'keep-last')
      plan.notMoved.push(`${message.split('. ', 1)[0]?.replace(/\.$/, '')}: left out by rule`);
    if (mapping && code === 'duplicate_key') keepOneOf(mapping, rule);
  }
  for (const mapping of plan.tables) readStagedColumns(mapping, source.tables, rules);
}

/** Rules that answer a finding; none: it is only told; null: nothing to tell, because the target keeps each value as it is. */
function rulesOf({ code }: StagedFinding, column: ColumnMapping | undefined, designed: boolean): RuleName[] | null {
  const nullable: RuleName[] = column && !column.notNull ? ['set-null'] : [];
  switch (code) {
    case 'types_differ':
      if (!column || (isJson(column) && !designed)) return null;
      return designed ? ['keep-as-json', ...nullable] : ['accept', ...nullable];
    case 'json_duplicate_key':
      return column ? ['last-key-wins', ...nullable] : null;
    case 'byte_order_mark':
      return ['skip-bom'];
    case 'torn_tail':
    case 'line_not_json':
      return ['leave-out-rows'];
    case 'duplicate_key':
      return ['keep-first', 'keep-last'];
    case 'id_differs_from_file':
    case 'alike_after_folding':
    case 'empty_file':
      return ['accept'];
    case 'names_alike':
      return ['rename'];
    case 'member_not_read':
    case 'file_not_read':
      return ['leave-out'];
    case 'file_stays':
    case 'name_changed':
    case 'null_and_missing':
      return [];
  }
}

function keepOneOf(mapping: TableMapping, rule: RuleName | null): void {
  if (rule !== 'keep-first' && rule !== 'keep-last') return;
  const other = rule === 'keep-first' ? 'first' : 'last';
  mapping.keep.push({
    sql: `${quoteIdent(mapping.source)}.cutover_json_row not in (select row from cutover_json_twins where tbl = ${quoteText(mapping.source)} and not ${other})`,
    because: `another record with the same key is the ${other}`,
  });
}

function readStagedColumns(mapping: TableMapping, tables: readonly SourceTable[], rules: ChosenRules): void {
  const staged = tables.find(({ name }) => name === mapping.source)?.staged;
  if (!staged) return;
  const reads: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const column of mapping.columns) {
    const one = staged.get(column.source);
    if (!one) continue;
    const plain = quoteIdent(column.source);
    const { source: table } = mapping;
    const most = mostKept({ name: table, staged }, column.source, rules);
    if ((one.kind === 'number' || most === 'number') && !isJson(column)) column.tokens = true;
    let sql = isJson(column) ? jsonText(plain, one) : plain;
    if (most !== null) sql = `case when ${one.classes} = ${quoteText(most)} then ${sql} end`;
    if (ruleFor(rules, table, column.source, 'json_duplicate_key') === 'set-null')
      sql = `case when ${quoteIdent(table)}.cutover_json_row not in (select row from cutover_json_cells where tbl = ${quoteText(table)} and col = ${quoteText(column.source)}) then ${sql} end`;
    if (sql !== plain) reads[column.source] = sql;
  }
  if (Object.keys(reads).length) mapping.reads = { ...mapping.reads, ...reads };
}

/** The value as JSON text: what a column of type json or jsonb takes. */
function jsonText(name: string, { kind, raw }: StagedColumn): string {
  switch (kind) {
    case 'mixed':
      return raw ?? name;
    case 'text':
      return `iif(${name} is null, null, json_quote(${name}))`;
    case 'boolean':
      return `case ${name} when 1 then 'true' when 0 then 'false' end`;
    case 'integer':
    case 'number':
      return `cast(${name} as text)`;
    case 'nested':
    case 'empty':
      return name;
  }
}
