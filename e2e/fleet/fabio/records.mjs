/** A record of the file store ↔ a row of PostgreSQL. A `*_json` column is the record's field without that ending. */

const fieldOf = (column) => (column.kind === 'json' ? column.name.replace(/_json$/, '') : column.name);
const storedColumns = (spec) => spec.columns.filter((c) => c.kind !== 'serial');

/**
 * Columns and values of a record; a field that is missing takes the column's default.
 * @returns {[string, unknown][]}
 */
export function rowOf(spec, record) {
  const pairs = storedColumns(spec).map((column) => {
    const value = column.name === spec.whole ? record : record[fieldOf(column)];
    return [
      column.name,
      column.kind === 'json' && value !== undefined && value !== null ? JSON.stringify(value) : value,
    ];
  });
  return pairs.filter(([, value]) => value !== undefined);
}

/** The record of a row. jsonb has put its keys in another order by then; equal values, other bytes. */
export function recordOf(spec, row) {
  if (spec.whole) return row[spec.whole];
  const pairs = storedColumns(spec).map((column) => {
    const value = row[column.name];
    const isNumber = column.kind === 'money' || column.kind === 'score';
    return [fieldOf(column), isNumber && value !== null ? Number(value) : value];
  });
  return Object.fromEntries(pairs);
}
