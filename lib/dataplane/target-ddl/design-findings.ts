import type { SourceTable } from '@/lib/sources/source';
import { rowidName } from '@/lib/sources/sqlite-sql';
import { finding } from '@/lib/dataplane/findings';
import { ruleFor } from '@/lib/dataplane/rules';
import type { ChosenRules, Finding } from '@/lib/dataplane/types';
import type { AfterStatement, NotCarried, Renames } from './design-types';
import { columnsOf, holdsControl } from './names';
import { hasKey, type TableDesign } from './table-design';

/** What a person has to know or decide about the design: names that change, tables without a key, objects that stay behind. */
export function designFindings(
  tables: readonly TableDesign[],
  after: readonly AfterStatement[],
  renames: Renames,
  declared: Renames,
  rules: ChosenRules,
): Finding[] {
  return [
    ...renameFindings(renames, declared),
    ...tables.filter(({ source: table }) => !hasKey(table)).map(({ source: table }) => keyFinding(table)),
    ...tables.flatMap((table) => table.notCarried.filter(({ byRule }) => !byRule).map(notCarriedFinding)),
    ...tables.flatMap((table) => brokenChecks(table, after)),
    ...tables.flatMap((table) => followFindings(table, tables, rules)),
  ];
}

function renameFindings(renames: Renames, declared: Renames): Finding[] {
  const found: Finding[] = [];
  for (const [table, name] of Object.entries(renames.tables))
    if (!Object.hasOwn(declared.tables, table)) found.push(renameFinding(table, null, name));
  for (const [table, columns] of Object.entries(renames.columns))
    for (const [column, name] of Object.entries(columns))
      if (!Object.hasOwn(columnsOf(declared, table), column)) found.push(renameFinding(table, column, name));
  return found;
}

function renameFinding(table: string, column: string | null, name: string): Finding {
  const what = column === null ? `Table ${JSON.stringify(table)}` : `Column ${JSON.stringify(column)} of ${table}`;
  const refused = holdsControl(column ?? table);
  return finding({
    code: refused ? 'name_refused' : 'name_changed',
    table,
    column,
    rules: refused ? ['rename', 'leave-out'] : ['rename'],
    sample: [{ key: column === null ? table : column, value: name }],
    message: refused
      ? `${what} is refused under that name: it holds a control character, with which a dump of the target could run commands where it is restored. It can be carried as ${JSON.stringify(name)}.`
      : `${what} cannot have that name in PostgreSQL; it becomes ${JSON.stringify(name)}.`,
  });
}

function keyFinding(table: SourceTable): Finding {
  const rowid = rowidName(table);
  return finding({
    code: 'no_primary_key',
    table: table.name,
    rules: rowid === null ? ['no-key'] : ['no-key', 'carry-rowid'],
    message: table.staged
      ? `The records of ${table.name} have no key of their own; nothing but their place in the file tells them apart.`
      : `Table ${table.name} has no key of its own; an application that uses SQLite's rowid would miss it.`,
  });
}

/** Objects whose absence lets in what the source keeps out, or that compute what the source computes. */
const guards = new Set<NotCarried['kind']>([
  'primary key',
  'unique',
  'check',
  'default',
  'generated column',
  'foreign key',
]);

const notCarriedFinding = ({ table, object, kind, why, guards: refuses }: NotCarried): Finding =>
  finding({
    code: 'not_carried',
    table,
    column: object,
    rules: ['accept'],
    blocking: guards.has(kind) || refuses === true,
    message: notCarriedMessage({ table, object, kind, why, guards: refuses ?? false }),
  });

function notCarriedMessage({ table, object, kind, why, guards: refuses }: NotCarried): string {
  if (kind === 'generated column') return `${table}.${object} keeps its values but is no longer computed: ${why}.`;
  if (kind !== 'collation') return `The ${kind} ${object} of ${table} is not carried over: ${why}.`;
  return refuses
    ? `The unique index ${object} of ${table} no longer refuses values that its collation takes for alike: ${why}.`
    : `The index ${object} of ${table} no longer finds values by its collation: ${why}.`;
}

function brokenChecks({ source, name, classes }: TableDesign, after: readonly AfterStatement[]): Finding[] {
  return after
    .filter(({ kind, table }) => kind === 'check' && table === name)
    .flatMap((statement) => {
      const check = source.checks.find(({ sql }) => statement.of === sql);
      const count = check ? (classes?.broken.get(check.sql) ?? 0n) : 0n;
      if (!count) return [];
      return [
        finding({
          code: 'check_broken',
          table: source.name,
          column: statement.name,
          count,
          rules: ['not-valid'],
          message: `${count} rows of ${source.name} break its own check ${statement.name}: ${check?.sql}.`,
        }),
      ];
    });
}

/** Integers that refer to a key which a rule makes text: as text they go on referring to it. Other values have findings of their own. */
function followFindings(
  { source, classes }: TableDesign,
  tables: readonly TableDesign[],
  rules: ChosenRules,
): Finding[] {
  return source.foreignKeys.flatMap(({ columns, table, references }) =>
    columns.flatMap((column, i) => {
      const reference = references[i] ?? '';
      const held = classes?.columns.get(column);
      const becomesText = ruleFor(rules, table, reference, 'class_differs')?.startsWith('widen-to-text');
      const parent = tables.find((one) => one.source.name === table)?.seen.get(reference);
      if (!becomesText || parent?.type !== 'text' || !held?.integer || held.real + held.text + held.blob > 0n)
        return [];
      return [
        finding({
          code: 'class_differs',
          table: source.name,
          column,
          count: held.integer,
          rules: ['widen-to-text'],
          blocking: false,
          message: `${source.name}.${column} holds integers that refer to ${table}.${reference}, which becomes text by rule; widened too, it keeps its foreign key.`,
        }),
      ];
    }),
  );
}
