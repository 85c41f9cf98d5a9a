/** Which rows of a file are this profile's. `scopeColumn` null and no `scopeColumns`: the whole file is one profile's. */
export type SourceScope = {
  sourceId: string;
  scopeColumn: string | null;
  scopeColumns: Readonly<Record<string, string>>;
};

/** From a fleet entry's `source_id` and `source`. */
export const sourceScope = (
  sourceId: string,
  source: { kind?: string; scope_column?: string | undefined; scope_columns?: Record<string, string> | undefined },
): SourceScope => ({ sourceId, scopeColumn: source.scope_column ?? null, scopeColumns: source.scope_columns ?? {} });

export const isScoped = (scope: SourceScope): boolean =>
  scope.scopeColumn !== null || Object.keys(scope.scopeColumns).length > 0;

/** The column of this table that names the profile, spelled as the table spells it (SQLite ignores ASCII case), or null. */
export function scopeColumnOf(table: string, columns: readonly string[], scope: SourceScope): string | null {
  const wanted = Object.hasOwn(scope.scopeColumns, table) ? scope.scopeColumns[table] : scope.scopeColumn;
  if (!wanted) return null;
  return (
    columns.find((name) => name === wanted) ?? columns.find((name) => foldAscii(name) === foldAscii(wanted)) ?? null
  );
}

/** SQLite's own case folding: A–Z only. */
export const foldAscii = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
