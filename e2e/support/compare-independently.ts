import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** Tables of an sx profile and the column that names the profile. */
const scopes: Record<string, string> = {
  videos: 'source_id',
  user_meta: 'source_id',
  video_notes: 'source_id',
  csv_consolidated_raw: 'source_id',
  csv_authors_raw: 'source_id',
  csv_bookmarks_raw: 'source_id',
  scheduling_artifacts: 'source_id',
  job_queue: 'source_id',
};

export type Comparison = {
  table: string;
  sourceRows: number;
  targetRows: number;
  equal: boolean;
  firstDifference: string | null;
};

/** Compares a profile's tables by the `sqlite3` and `psql` programs alone: no code of the product reads a row here.
 *  Every cell is printed as hex of its text, so NUL, spaces and encodings cannot hide. */
export function compareIndependently(input: {
  sqlitePath: string;
  sourceId: string;
  dsn: string;
  schema: string;
  tables?: string[];
}): Comparison[] {
  const tables = input.tables ?? Object.keys(scopes).filter((table) => columnsOf(input.sqlitePath, table).length > 0);
  return tables.map((table) => {
    const columns = columnsOf(input.sqlitePath, table);
    const source = sorted(runSqlite(input.sqlitePath, sqliteQuery(table, columns, input.sourceId)));
    const target = sorted(runPsql(input.dsn, psqlQuery(input.schema, table, columns, input.sourceId)));
    const at = source.findIndex((line, index) => line !== target[index]);
    const firstDifference =
      at >= 0 ? `${source[at]} | ${target[at]}` : source.length === target.length ? null : `${target[source.length]}`;
    return {
      table,
      sourceRows: source.length,
      targetRows: target.length,
      equal: digest(source) === digest(target),
      firstDifference,
    };
  });
}

const digest = (lines: string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex');
const sorted = (text: string): string[] => text.split('\n').filter(Boolean).sort();
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function columnsOf(path: string, table: string): string[] {
  return sorted(runSqlite(path, `select name from pragma_table_info(${literal(table)})`));
}

function sqliteQuery(table: string, columns: string[], sourceId: string): string {
  const cells = columns.map(
    (column) =>
      `coalesce(hex(cast(${name(column)} as blob)), 'NULL') || case when ${name(column)} is null then 'N' else '' end`,
  );
  return `select ${cells.join(` || '.' || `)} from ${name(table)} where ${name(scopes[table] ?? 'source_id')} = ${literal(sourceId)}`;
}

function psqlQuery(schema: string, table: string, columns: string[], sourceId: string): string {
  const cells = columns.map(
    (column) =>
      `coalesce(upper(encode(convert_to(${name(column)}::text, 'UTF8'), 'hex')), '') || case when ${name(column)} is null then 'N' else '' end`,
  );
  return `select ${cells.join(` || '.' || `)} from ${name(schema)}.${name(table)} where ${name(scopes[table] ?? 'source_id')} = ${literal(sourceId)}`;
}

const runSqlite = (path: string, sql: string): string =>
  execFileSync('sqlite3', ['-readonly', '-batch', path, sql], { encoding: 'utf8', maxBuffer: 1 << 30 });

export function runPsql(dsn: string, sql: string): string {
  const url = new URL(dsn);
  return execFileSync('psql', ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', sql], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: {
      PATH: process.env.PATH,
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
      PGDATABASE: url.pathname.slice(1),
      PGCLIENTENCODING: 'UTF8',
    } as unknown as NodeJS.ProcessEnv,
  });
}
