import { quoteIdent } from '@/lib/sources/quote';
import type { Cell, SourceColumn, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { selectSql } from '@/lib/sources/sqlite-sql';
import type { RuleName } from './finding-types';
import { finding } from './findings';
import { rowsMeeting } from './sample-rows';
import { sampleText } from './sample-text';
import type { MappedTable } from './source-readers';
import type { ChosenRules, ColumnMapping, Finding, TargetSchema } from './types';

const words = "'t', 'true', 'y', 'yes', 'on', 'f', 'false', 'n', 'no', 'off'";
const isDate = (x: string): string => `${x} >= '0001' and length(${x}) = 10 and date(${x}) is ${x}`;
/** Clock time with up to six digits of a second, no 24:00 and no second 60. */
const isClock = (x: string): string =>
  `length(${x}) between 8 and 15 and time(substr(${x}, 1, 8)) is substr(${x}, 1, 8) and ${x} < '24' and rtrim(substr(${x}, 9), '0123456789') = iif(length(${x}) = 8, '', '.') and length(${x}) <> 9`;
const isMoment = (x: string): string =>
  `${isDate(`substr(${x}, 1, 10)`)} and substr(${x}, 11, 1) in ('T', ' ') and ${isClock(`substr(${x}, 12)`)}`;

/** What a declared type asks for, and when every value of a column that arrives as text can have it. `fits` is SQL over the column's name. */
/** Number types as people write them; SQLite itself takes POINT for an integer. */
const numbers =
  /^\s*((TINY|SMALL|MEDIUM|BIG|UNSIGNED BIG )?INT(EGER|2|4|8)?|REAL|FLOAT|DOUBLE|NUMERIC|DECIMAL|NUMBER)\b/i;

type Wish = { rule: RuleName; fits: (name: string) => string };
const wishes: { declared: RegExp; what: string; rules: Wish[] }[] = [
  {
    declared: /^\s*BOOL(EAN)?\b/i,
    what: 'a boolean',
    rules: [
      { rule: 'as-boolean', fits: (x) => `(${x} in (0, 1) and typeof(${x}) = 'integer') or lower(${x}) in (${words})` },
    ],
  },
  {
    declared: /^\s*(DATE|TIME|DATETIME|TIMESTAMP)/i,
    what: 'a date or time',
    rules: [
      { rule: 'as-date', fits: isDate },
      { rule: 'as-timestamp', fits: isMoment },
      {
        rule: 'as-timestamptz',
        fits: (x) => `substr(${x}, -1) = 'Z' and ${isMoment(`substr(${x}, 1, length(${x}) - 1)`)}`,
      },
    ],
  },
  { declared: numbers, what: 'a number', rules: [] },
];

/**
 * Columns of a designed target that keep every value and still are not what the source declares: an application that expects a boolean
 * or a time would trip over them. Rules are offered only where every value of the column can have that type.
 */
export function declaredTypeFindings(file: SqliteFile, one: MappedTable, { designed }: TargetSchema): Finding[] {
  const { mapping, table } = one;
  if (!designed || table.staged) return [];
  return mapping.columns.flatMap((mapped) => {
    const column = table.columns.find(({ name }) => name === mapped.source);
    const wish = wishes.find(({ declared }) => declared.test(column?.declared ?? ''));
    const { type } = mapped.type;
    if (!column || !wish || type === 'bool' || column.generated) return [];
    if (wish.declared === numbers && type !== 'text' && type !== 'bytea') return [];
    const name = quoteIdent(column.name);
    const found = rowsMeeting(file, mapping, table, { where: [`${name} is not null`], shown: [name], tell: tellFirst });
    if (!found) return [];
    const rules =
      mapped.type.type === 'text' && !isKeyed(column, table) ? fittingRules(file, one, name, wish.rules) : [];
    return [
      finding({
        code: 'declared_type_differs',
        table: mapping.source,
        column: column.name,
        ...found,
        blocking: false,
        rules,
        message: `${mapping.source}.${column.name} is declared ${column.declared} and arrives as ${mapped.type.typeText}, since ${whyPlain(mapped)}: every value is kept, and an application that expects ${wish.what} there may trip over it.`,
      }),
    ];
  });
}

const whyPlain = ({ type }: ColumnMapping): string =>
  type.type === 'text'
    ? 'SQLite holds texts there'
    : `SQLite holds ${type.type === 'bytea' ? 'blobs' : 'numbers'} there`;

/** The rowid and columns that take part in references keep the type that goes with the other end. */
const isKeyed = ({ name }: SourceColumn, table: SourceTable): boolean =>
  table.primaryKey.includes(name) || table.foreignKeys.some(({ columns }) => columns.includes(name));

/** The first type that every value can have. */
function fittingRules(file: SqliteFile, one: MappedTable, name: string, rules: readonly Wish[]): RuleName[] {
  const isOf = ({ fits }: Wish) => !isThere(file, one, `${name} is not null and not ifnull(${fits(name)}, 0)`);
  return rules
    .filter(isOf)
    .slice(0, 1)
    .map(({ rule }) => rule);
}

/** Texts and blobs in one column that takes bytes: nothing in the target says which was which. */
export function textAmongBytes(
  file: SqliteFile,
  one: MappedTable,
  { designed }: TargetSchema,
  rules: ChosenRules,
): Finding[] {
  const { mapping, table } = one;
  return (
    mapping.columns
      .filter(({ type }) => type.type === 'bytea')
      // Made bytes by a rule that says so.
      .filter(
        ({ source }) =>
          !rules.some(({ key, rule }) => rule === 'widen-to-bytea' && key.startsWith(`${mapping.source}.${source}.`)),
      )
      .flatMap(({ source }) => {
        const name = quoteIdent(source);
        const blobs = isThere(file, one, `typeof(${name}) = 'blob'`);
        const where = [`typeof(${name}) = 'text'`];
        const found = blobs ? rowsMeeting(file, mapping, table, { where, shown: [name], tell: tellFirst }) : null;
        if (!found) return [];
        // In hex a blob must be apart from every text of the column.
        const apart = !isThere(file, one, `typeof(${name}) = 'text' and substr(${name}, 1, 2) = '\\x'`);
        const column = table.columns.find((own) => own.name === source);
        const offer: RuleName[] =
          apart && column && !isKeyed(column, table) ? ['widen-to-text-hex', 'accept'] : ['accept'];
        return [
          finding({
            code: 'text_among_bytes',
            table: mapping.source,
            column: source,
            ...found,
            // Bytes are what the owner of a given target asked for.
            blocking: designed === true,
            rules: designed ? offer : [],
            message: `${mapping.source}.${source} holds texts beside blobs, and the target has bytea: each text is moved as its bytes, and nothing there tells it from a blob of the same bytes ('' and x'' become one).`,
          }),
        ];
      })
  );
}

const tellFirst = ([cell]: readonly Cell[]): string => sampleText(cell ?? null);

const isThere = ({ db }: SqliteFile, { mapping }: MappedTable, condition: string): boolean =>
  db
    .prepare(`${selectSql('1', mapping.source, mapping.scope, [condition])} limit 1`)
    .get(...(mapping.scope ? [mapping.scope.value] : [])) !== undefined;
