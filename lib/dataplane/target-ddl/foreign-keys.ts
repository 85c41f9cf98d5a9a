import { quoteIdent, quoteList } from '@/lib/sources/quote';
import type { SourceForeignKey } from '@/lib/sources/source';
import { ruleFor } from '@/lib/dataplane/rules';
import type { ChosenRules } from '@/lib/dataplane/types';
import { familyOf } from './column-type';
import type { AfterStatement } from './design-types';
import { targetOf } from './keys';
import type { Names } from './names';
import { NotTheSame } from './parse-expression';
import { dropsNotNull, type TableDesign } from './table-design';

/** Foreign keys of a table; each is validated when it is made, unless a rule keeps rows that lead nowhere. */
export function foreignKeyStatements(
  table: TableDesign,
  tables: readonly TableDesign[],
  names: Names,
  rules: ChosenRules,
): AfterStatement[] {
  return table.source.foreignKeys.flatMap((key) => {
    const label = `${key.columns.join(', ')} → ${key.table}`;
    try {
      const parent = parentOf(key, tables);
      requireAlike(table, key, parent, rules);
      const wanted = key.name || `${table.name}_${key.columns.join('_')}_fkey`;
      const name = names.take(wanted, `${table.name} ${label}`);
      const valid = ruleFor(rules, table.source.name, name, 'orphan_rows') === 'not-valid' ? ' not valid' : '';
      const columns = quoteList(key.columns.map((column) => targetOf(table, column)));
      const references = quoteList(key.references.map((column) => targetOf(parent, column)));
      return [
        {
          kind: 'foreign key' as const,
          table: table.name,
          name,
          sql: `alter table ${table.path} add constraint ${quoteIdent(name)} foreign key (${columns}) references ${parent.path} (${references})${actions(key)}${valid}`,
        },
      ];
    } catch (thrown) {
      if (!(thrown instanceof NotTheSame)) throw thrown;
      table.notCarried.push({ table: table.source.name, object: label, kind: 'foreign key', why: thrown.message });
      return [];
    }
  });
}

const words = ['CASCADE', 'RESTRICT', 'SET NULL', 'SET DEFAULT'];
const actions = ({ onDelete, onUpdate, deferred }: SourceForeignKey): string =>
  [
    words.includes(onDelete) ? ` on delete ${onDelete.toLowerCase()}` : '',
    words.includes(onUpdate) ? ` on update ${onUpdate.toLowerCase()}` : '',
    deferred ? ' deferrable initially deferred' : '',
  ].join('');

function parentOf(key: SourceForeignKey, tables: readonly TableDesign[]): TableDesign {
  const parent = tables.find(({ source }) => source.name === key.table);
  if (!parent) throw new NotTheSame(`there is no table ${key.table}`);
  if (!key.references.length) throw new NotTheSame(`${key.table} has no primary key of as many columns`);
  return parent;
}

function requireAlike(table: TableDesign, key: SourceForeignKey, parent: TableDesign, rules: ChosenRules): void {
  if (!isUniqueIn(parent, key.references, rules))
    throw new NotTheSame(`${key.references.join(', ')} of ${parent.source.name} is no unique key`);
  key.columns.forEach((column, i) => {
    const reference = key.references[i] as string;
    const [own, other] = [table.seen.get(column), parent.seen.get(reference)];
    if (!own || !other) throw new NotTheSame(`column ${own ? reference : column} is not in the target`);
    // A numeric key may be referred to by integers: PostgreSQL compares the two without loss.
    const families = [familyOf(own.type), familyOf(other.type)];
    if (families[0] !== families[1] && families.join() !== 'int,numeric')
      throw new NotTheSame(`${column} holds ${own.type} and ${parent.source.name}.${reference} ${other.type}`);
    if (own.type === 'text' && other.collation !== 'BINARY')
      throw new NotTheSame(`${parent.source.name}.${reference} compares by ${other.collation}`);
    if (own.generated) throw new NotTheSame(`${column} is generated`);
  });
}

/** PostgreSQL wants a unique key over exactly these columns. */
function isUniqueIn({ source, notCarried }: TableDesign, columns: readonly string[], rules: ChosenRules): boolean {
  const isMade = (object: string) => !notCarried.some((one) => one.byRule && one.object === object);
  const same = (key: readonly (string | null)[]) =>
    key.length === columns.length && columns.every((name) => key.includes(name));
  if (same(source.primaryKey) && isMade('primary key')) return true;
  return source.indexes.some(
    ({ name, origin, unique, partial, columns: key, terms }) =>
      unique &&
      !partial &&
      origin !== 'pk' &&
      isMade(name) &&
      same(key) &&
      terms.every(({ collation }) => collation === 'BINARY') &&
      !key.some((name) => name !== null && dropsNotNull(rules, source.name, name)),
  );
}
