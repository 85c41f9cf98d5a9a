import { quoteIdent } from './quote';
import { batchOrder, rowsWhere } from './sqlite-sql';
import type { SourceScope } from './scope';
import type { SourceTable } from './source';
import { type SqliteFile, type SqliteLocation, withSqlite } from './sqlite-file';
import { readSourceSchema } from './sqlite-schema';

/** count: rows in which the column is not NULL; true: rows in which it is neither NULL nor 0; first: its value in the first row. */
export type SourceQuestion = { ask: 'count' | 'true' | 'first'; table: string; column: string };
/** Integers and counts as decimal text; undefined: there is no such column, or (first) no row. */
export type SourceAnswer = string | number | null | undefined;

/** What a check asks about this profile's rows of the source. @throws CutoverError source_* | TypeError for bytes, which no check can name */
export const answerQuestions = (
  location: SqliteLocation,
  scope: SourceScope,
  questions: readonly SourceQuestion[],
): SourceAnswer[] =>
  withSqlite(location, (file) => {
    const { tables } = readSourceSchema(file, scope);
    return questions.map((question) => {
      const table = tables.find(({ name }) => name === question.table);
      const isThere = table?.columns.some(({ name }) => name === question.column);
      return table && isThere ? answer(file, table, question, scope) : undefined;
    });
  });

function answer({ db }: SqliteFile, table: SourceTable, { ask, column }: SourceQuestion, scope: SourceScope) {
  const name = quoteIdent(column);
  const scoped = table.scopeColumn ? { column: table.scopeColumn } : null;
  const params = scoped ? [scope.sourceId] : [];
  const from = `from ${quoteIdent(table.name)}`;
  if (ask !== 'first') {
    const where = rowsWhere(scoped, [], [ask === 'count' ? `${name} is not null` : `(${name}) <> 0`]);
    return String(
      db
        .prepare(`select count(*) ${from}${where}`)
        .pluck()
        .get(...params),
    );
  }
  const found = db
    .prepare(`select ${name} ${from}${rowsWhere(scoped, [])} order by ${firstBy(table)} limit 1`)
    .pluck()
    .get(...params);
  if (Buffer.isBuffer(found)) throw new TypeError(`${table.name}.${column} holds bytes, which no check can name`);
  return typeof found === 'bigint' ? found.toString() : (found as SourceAnswer);
}

/** The key, so that the first row is the same in every copy; the rowid where there is none. */
function firstBy(table: SourceTable): string {
  if (table.primaryKey.length) return table.primaryKey.map((key) => `${quoteIdent(key)} collate binary`).join(', ');
  const order = batchOrder(table);
  if (order.by === 'rowid') return order.counted ? '1' : order.name;
  return order.columns.map(quoteIdent).join(', ');
}
