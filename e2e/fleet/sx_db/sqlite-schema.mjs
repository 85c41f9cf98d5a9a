/** SQLite tables of sx_db: the same columns as in PostgreSQL, plus sources and the full-text table. */
import { INDEXES, SOURCE_TABLES, SOURCES_COLUMNS } from './ddl.mjs';

const lines = (columns) => columns.map(([name, type]) => `  ${name} ${type}`).join(',\n');

function tableStatement(name, table) {
  const parent = table.parent
    ? `,\n  FOREIGN KEY (source_id, video_id) REFERENCES ${table.parent}(source_id, id) ON DELETE CASCADE`
    : '';
  return `CREATE TABLE IF NOT EXISTS ${name} (\n${lines(table.columns)},\n  PRIMARY KEY (${table.key.join(', ')})${parent}\n)`;
}

export const TABLES = [
  `CREATE TABLE IF NOT EXISTS sources (\n${lines(SOURCES_COLUMNS)}\n)`,
  ...Object.entries(SOURCE_TABLES).map(([name, table]) => tableStatement(name, table)),
];

export const INDEX_STATEMENTS = Object.entries(INDEXES).map(
  ([suffix, [table, columns]]) => `CREATE INDEX IF NOT EXISTS idx_${suffix} ON ${table} (${columns})`,
);

/** Contentless: it can be matched, but its id columns read NULL. */
export const FTS = `CREATE VIRTUAL TABLE IF NOT EXISTS videos_fts USING fts5(
  source_id UNINDEXED, id UNINDEXED, caption, author_unique_id, author_name, content='')`;

/** Sets the connection up as the service does. */
export function configureConnection(db) {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
}

export const hasTable = (db, name) =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;

/** Makes what is missing; touches nothing in a file that has it all (a fenced file stays unwritten). */
export function ensureSchema(db, { fts }) {
  const missing = !hasTable(db, 'sources') || Object.keys(SOURCE_TABLES).some((name) => !hasTable(db, name));
  if (missing)
    db.transaction(() => {
      for (const sql of [...TABLES, ...INDEX_STATEMENTS]) db.exec(sql);
    })();
  if (fts && !hasTable(db, 'videos_fts')) db.exec(FTS);
}
