import { quoteIdent } from '@/lib/sources/quote';
import { ruleFor } from '@/lib/dataplane/rules';
import type { ChosenRules } from '@/lib/dataplane/types';
import { translateDefault } from './default-value';
import type { AfterStatement } from './design-types';
import type { Names } from './names';
import { NotTheSame } from './parse-expression';
import type { TableDesign } from './table-design';
import { sceneOf, translateCondition } from './translate';

/** Checks of a table. One that rows break already is made for new rows only, by rule. */
export function checkStatements(table: TableDesign, names: Names, rules: ChosenRules): AfterStatement[] {
  return table.source.checks.flatMap(({ name, sql }) => {
    const made = names.take(name || `${table.name}_check`, `${table.name} ${sql}`);
    try {
      const condition = translateCondition(sql, sceneOf(table.seen));
      const valid = ruleFor(rules, table.source.name, made, 'check_broken') === 'not-valid' ? ' not valid' : '';
      return [
        {
          kind: 'check' as const,
          table: table.name,
          name: made,
          of: sql,
          sql: `alter table ${table.path} add constraint ${quoteIdent(made)} check (${condition})${valid}`,
        },
      ];
    } catch (thrown) {
      if (!(thrown instanceof NotTheSame)) throw thrown;
      table.notCarried.push({
        table: table.source.name,
        object: made,
        kind: 'check',
        why: `${thrown.message}: ${sql}`,
      });
      return [];
    }
  });
}

/** Defaults of a table; they matter for rows that the application writes later. */
export function defaultStatements(table: TableDesign): AfterStatement[] {
  return table.columns.flatMap(({ source, target }) => {
    if (source.defaultSql === null || source.generated || source.name === table.source.rowidAlias) return [];
    try {
      const words = ruleFor(table.rules, table.source.name, source.name, 'declared_type_differs') === 'as-boolean';
      const value = translateDefault(source, target, words);
      if (value === null) return [];
      return [
        {
          kind: 'default' as const,
          table: table.name,
          name: target.name,
          sql: `alter table ${table.path} alter column ${quoteIdent(target.name)} set default ${value}`,
        },
      ];
    } catch (thrown) {
      if (!(thrown instanceof NotTheSame)) throw thrown;
      table.notCarried.push({
        table: table.source.name,
        object: source.name,
        kind: 'default',
        why: `${thrown.message}: ${source.defaultSql}`,
      });
      return [];
    }
  });
}
