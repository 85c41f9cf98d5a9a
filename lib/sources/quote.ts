/** The one way a name becomes part of SQL, for SQLite and PostgreSQL alike. @throws TypeError for a name with NUL, which no database holds */
export function quoteIdent(name: string): string {
  if (name.includes('\0')) throw new TypeError('a name with a NUL character');
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal. PostgreSQL sessions of ours have standard_conforming_strings on, so a backslash is a backslash. */
export function quoteText(text: string): string {
  if (text.includes('\0')) throw new TypeError('a text literal with a NUL character');
  return `'${text.replaceAll("'", "''")}'`;
}

export const quotePath = (schema: string, name: string): string => `${quoteIdent(schema)}.${quoteIdent(name)}`;
export const quoteList = (names: readonly string[]): string => names.map(quoteIdent).join(', ');
