import type { SourceExtra, SourceSchema } from '@/lib/sources/source';
import { finding } from './findings';
import { ruleFor } from './rules';
import type { ChosenRules, Finding, TablePlan } from './types';

/** Views, triggers and virtual tables, each listed; shadow tables are counted with theirs and never copied. Where the system's own
 *  DDL made the target it says what there has to be; a designed target asks a person about each. */
export function extraFindings(source: SourceSchema, designed: boolean): Finding[] {
  const shadows = source.extras.filter(({ type }) => type === 'shadow');
  return source.extras
    .filter(({ type }) => type !== 'shadow')
    .map((extra) =>
      finding({
        code: 'object_not_moved',
        table: extra.name,
        message: extraMessage(extra, shadows.filter(({ of }) => of === extra.name).length),
        blocking: designed,
        rules: ['accept'],
      }),
    );
}

/** What a person loses with it, and the next move. */
const meanings: Partial<Record<SourceExtra['type'], string>> = {
  view: ' Its SQL is not translated: make it in the target yourself if the application reads it.',
  trigger:
    ' What it does at each write does not happen in the target: make one there yourself if the application needs it.',
};

export function extraMessage({ name, type, module, of, broken }: SourceExtra, shadows: number): string {
  const tail = shadows ? ` with its ${shadows} shadow table${shadows === 1 ? '' : 's'}` : '';
  const what = type === 'virtual' ? `virtual table ${name}${module ? ` (${module})` : ''}` : `${type} ${name}`;
  const where = type === 'trigger' && of ? ` on ${of}` : '';
  return `The ${what}${where}${tail} is not moved${broken ? `; this SQLite cannot use it: ${broken}` : ''}.${meanings[type] ?? ''}`;
}

/** Tables and columns that this SQLite cannot read at all. */
export function tellUnreadable(source: SourceSchema, rules: ChosenRules, plan: TablePlan): void {
  for (const { table, column, why } of source.unreadable) {
    const what = column === null ? table : `${table}.${column}`;
    plan.findings.push(
      finding({
        code: 'object_unreadable',
        table,
        column,
        rules: ['leave-out'],
        message: `${column === null ? 'Table' : 'Column'} ${what} cannot be read by this SQLite: ${why}.`,
      }),
    );
    if (ruleFor(rules, table, column, 'object_unreadable') === 'leave-out')
      plan.notMoved.push(`${what}: cannot be read (${why}), left out by rule`);
  }
}
