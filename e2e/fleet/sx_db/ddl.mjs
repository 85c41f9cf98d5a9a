/** PostgreSQL tables of sx_db. The one place that knows them; used by the bootstrap API and by the command line. */

export const quoteIdent = (name) => `"${String(name).replaceAll('"', '""')}"`;

/** Two ids may give one name (`assets_1`, `assets-1`): the registry's unique schema_name is what refuses it. */
export const deriveSchema = (prefix, sourceId) => `${prefix}_${sourceId}`.replace(/[.-]/g, '_');

export const SOURCE_TABLES = {
  videos: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['id', 'TEXT NOT NULL'],
      ['platform', 'TEXT'],
      ['author_unique_id', 'TEXT'],
      ['author_name', 'TEXT'],
      ['author_id', 'TEXT'],
      ['followers', 'INTEGER'],
      ['hearts', 'INTEGER'],
      ['videos_count', 'INTEGER'],
      ['signature', 'TEXT'],
      ['is_private', 'INTEGER'],
      ['caption', 'TEXT'],
      ['bookmarked', 'INTEGER NOT NULL DEFAULT 0'],
      ['bookmark_timestamp', 'TEXT'],
      ['video_path', 'TEXT'],
      ['cover_path', 'TEXT'],
      ['csv_row_hash', 'TEXT'],
      ['updated_at', 'TEXT'],
    ],
    key: ['source_id', 'id'],
  },
  user_meta: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['video_id', 'TEXT NOT NULL'],
      ['rating', 'INTEGER'],
      ['status', 'TEXT'],
      ['statuses', 'TEXT'],
      ['tags', 'TEXT'],
      ['notes', 'TEXT'],
      ['product_link', 'TEXT'],
      ['author_links', 'TEXT'],
      ['platform_targets', 'TEXT'],
      ['workflow_log', 'TEXT'],
      ['post_url', 'TEXT'],
      ['published_time', 'TEXT'],
      ['updated_at', 'TEXT'],
    ],
    key: ['source_id', 'video_id'],
    parent: 'videos',
  },
  video_notes: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['video_id', 'TEXT NOT NULL'],
      ['markdown', 'TEXT'],
      ['template_version', 'TEXT'],
      ['created_at', 'TEXT'],
      ['updated_at', 'TEXT'],
    ],
    key: ['source_id', 'video_id'],
    parent: 'videos',
  },
  csv_consolidated_raw: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['csv_row_hash', 'TEXT NOT NULL'],
      ['row_json', 'TEXT NOT NULL'],
      ['imported_at', 'TEXT'],
    ],
    key: ['source_id', 'csv_row_hash'],
  },
  csv_authors_raw: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['csv_row_hash', 'TEXT NOT NULL'],
      ['row_json', 'TEXT NOT NULL'],
      ['imported_at', 'TEXT'],
    ],
    key: ['source_id', 'csv_row_hash'],
  },
  csv_bookmarks_raw: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['csv_row_hash', 'TEXT NOT NULL'],
      ['row_json', 'TEXT NOT NULL'],
      ['imported_at', 'TEXT'],
    ],
    key: ['source_id', 'csv_row_hash'],
  },
  scheduling_artifacts: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['video_id', 'TEXT NOT NULL'],
      ['platform', 'TEXT NOT NULL'],
      ['status', 'TEXT'],
      ['artifact_json', 'TEXT'],
      ['scheduled_for', 'TEXT'],
      ['created_at', 'TEXT'],
      ['updated_at', 'TEXT'],
    ],
    key: ['source_id', 'video_id', 'platform'],
  },
  job_queue: {
    columns: [
      ['source_id', 'TEXT NOT NULL'],
      ['job_id', 'TEXT NOT NULL'],
      ['kind', 'TEXT NOT NULL'],
      ['status', 'TEXT NOT NULL'],
      ['payload_json', 'TEXT'],
      ['attempts', 'INTEGER NOT NULL DEFAULT 0'],
      ['error', 'TEXT'],
      ['created_at', 'TEXT'],
      ['updated_at', 'TEXT'],
    ],
    key: ['source_id', 'job_id'],
  },
};

export const SOURCES_COLUMNS = [
  ['id', 'TEXT PRIMARY KEY'],
  ['label', 'TEXT'],
  ['kind', 'TEXT'],
  ['description', 'TEXT'],
  ['enabled', 'INTEGER NOT NULL DEFAULT 1'],
  ['is_default', 'INTEGER NOT NULL DEFAULT 0'],
  ['created_at', 'TEXT NOT NULL'],
  ['updated_at', 'TEXT NOT NULL'],
];

/** Suffix → table and columns; the index is named idx_<schema>_<suffix>. */
export const INDEXES = {
  videos_bookmarked: ['videos', 'source_id, bookmarked, bookmark_timestamp'],
  videos_author: ['videos', 'source_id, author_unique_id'],
  videos_updated: ['videos', 'source_id, updated_at'],
  user_meta_status: ['user_meta', 'source_id, status'],
  user_meta_rating: ['user_meta', 'source_id, rating'],
  video_notes_updated: ['video_notes', 'source_id, updated_at'],
  scheduling_status: ['scheduling_artifacts', 'source_id, status'],
  job_queue_status: ['job_queue', 'source_id, status'],
};

const columnLines = (columns) => columns.map(([name, type]) => `${name} ${type}`).join(', ');

/** Tables shared by all sources, in public. */
export function globalStatements(registryTable) {
  return [
    `CREATE TABLE IF NOT EXISTS public.sources (${columnLines(SOURCES_COLUMNS)})`,
    `CREATE TABLE IF NOT EXISTS public.${quoteIdent(registryTable)} (source_id TEXT PRIMARY KEY, schema_name TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`,
  ];
}

const foreignKey = (schema, table, parent) => {
  const name = `fk_${table}_${parent}`;
  return `DO $sx$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '${name}' AND conrelid = '${quoteIdent(schema).replaceAll("'", "''")}.${table}'::regclass) THEN
    ALTER TABLE ${quoteIdent(schema)}.${table} ADD CONSTRAINT ${name} FOREIGN KEY (source_id, video_id)
      REFERENCES ${quoteIdent(schema)}.${parent} (source_id, id) ON DELETE CASCADE NOT VALID;
  END IF;
END $sx$`;
};

/** Schema, tables, two foreign keys NOT VALID and eight indexes of one source; safe to repeat. */
export function sourceStatements(schema) {
  const q = quoteIdent(schema);
  const tables = Object.entries(SOURCE_TABLES);
  return [
    `CREATE SCHEMA IF NOT EXISTS ${q}`,
    ...tables.map(
      ([name, t]) =>
        `CREATE TABLE IF NOT EXISTS ${q}.${name} (${columnLines(t.columns)}, PRIMARY KEY (${t.key.join(', ')}))`,
    ),
    ...tables.filter(([, t]) => t.parent).map(([name, t]) => foreignKey(schema, name, t.parent)),
    ...Object.entries(INDEXES).map(
      ([suffix, [table, columns]]) =>
        `CREATE INDEX IF NOT EXISTS ${quoteIdent(`idx_${schema}_${suffix}`)} ON ${q}.${table} (${columns})`,
    ),
  ];
}
