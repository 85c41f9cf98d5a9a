import { SURFACES, TABLES } from './tables.mjs';

/** Kinds of the columns of tables.mjs → their types in SQLite and in PostgreSQL. */
const KINDS = {
  text: ['TEXT', 'TEXT'],
  json: ['TEXT', 'JSONB'],
  time: ['TEXT', 'TIMESTAMP WITH TIME ZONE'],
  bool: ['INTEGER', 'BOOLEAN'],
  int: ['INTEGER', 'INTEGER'],
  serial: ['INTEGER', 'SERIAL'],
  bytes: ['BLOB', 'BYTEA'],
};

export const quoteIdent = (name) => `"${String(name).replaceAll('"', '""')}"`;
const list = (names) => names.map(quoteIdent).join(', ');

function defaultText(column, side) {
  if (column.fallback === null) return '';
  if (column.kind === 'bool' && side === 1) return ` DEFAULT ${column.fallback === '1' ? 'TRUE' : 'FALSE'}`;
  return column.kind === 'json' ? ` DEFAULT '${column.fallback}'` : ` DEFAULT ${column.fallback}`;
}

function tableLines(name, spec, side) {
  const lines = spec.columns.map((c) => {
    // SQLite numbers a key by itself only when it is INTEGER PRIMARY KEY; AUTOINCREMENT never gives a number twice.
    if (c.kind === 'serial' && side === 0) return `${quoteIdent(c.name)} INTEGER PRIMARY KEY AUTOINCREMENT`;
    return `${quoteIdent(c.name)} ${KINDS[c.kind][side]}${c.required ? ' NOT NULL' : ''}${defaultText(c, side)}`;
  });
  if (!(side === 0 && spec.columns[0].kind === 'serial')) lines.push(`PRIMARY KEY (${list(spec.key)})`);
  if (spec.unique) lines.push(`UNIQUE (${list(spec.unique)})`);
  const parent = spec.parent ?? (side === 0 ? spec.sqliteParent : undefined);
  if (parent) {
    const cascade = spec.parent ? ' ON DELETE CASCADE' : '';
    const target = side === 1 ? `@.${quoteIdent(parent[1])}` : quoteIdent(parent[1]);
    lines.push(`FOREIGN KEY (${quoteIdent(parent[0])}) REFERENCES ${target} (${quoteIdent(parent[2])})${cascade}`);
  }
  return `${side === 1 ? '@.' : ''}${quoteIdent(name)} (\n  ${lines.join(',\n  ')})`;
}

/** Statements that make the tables of one SQLite file: workflows, service_tokens, chatkit, checkpoints or graph_store. */
export function sqliteStatements(file) {
  return Object.entries(TABLES)
    .filter(([, spec]) => spec.file === file)
    .flatMap(([name, spec]) => [
      `CREATE TABLE IF NOT EXISTS ${tableLines(name, spec, 0)}`,
      ...Object.entries(spec.indexes).map(
        ([index, on]) => `CREATE INDEX IF NOT EXISTS ${quoteIdent(index)} ON ${quoteIdent(name)} ${on}`,
      ),
    ]);
}

/** Statements that make the tables of one surface in a PostgreSQL schema. */
export function postgresStatements(surface, schema = 'public') {
  const at = (sql) => sql.replaceAll('@.', `${quoteIdent(schema)}.`);
  return Object.entries(SURFACES[surface]).flatMap(([name, spec]) => [
    at(`CREATE TABLE IF NOT EXISTS ${tableLines(name, spec, 1)}`),
    ...Object.entries({ ...spec.indexes, ...spec.postgresIndexes }).map(([index, on]) =>
      at(`CREATE INDEX IF NOT EXISTS ${quoteIdent(index)} ON @.${quoteIdent(name)} ${on}`),
    ),
  ]);
}

/** The vault stays on SQLite always; nothing here moves it. */
export const VAULT_STATEMENTS = [
  `CREATE TABLE IF NOT EXISTS credentials (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, provider TEXT NOT NULL, scopes TEXT NOT NULL DEFAULT '[]',
  ciphertext BLOB NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`,
];

/** The contract file: what the service makes in PostgreSQL, for one schema named later. */
export function contractText() {
  const statements = Object.keys(SURFACES).flatMap((surface) => postgresStatements(surface, '$' + '{schema}'));
  const schema = 'CREATE SCHEMA IF NOT EXISTS "$' + '{schema}"';
  return `-- What Orcheo itself makes in PostgreSQL. Statements are parted by an empty line; \${schema} stands inside quotes only.\n\n${[schema, ...statements].join('\n\n')}\n`;
}
