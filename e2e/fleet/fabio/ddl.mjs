import { BASE } from './tables/base.mjs';
import { CRM } from './tables/crm.mjs';
import { OWNER } from './tables/owner.mjs';
import { lists, META, STAMPS, table } from './tables/table.mjs';

/** Kinds of the declared columns → their types in PostgreSQL. */
const TYPES = {
  uuid: 'UUID',
  text: 'TEXT',
  time: 'TIMESTAMPTZ',
  json: 'JSONB',
  bool: 'BOOLEAN',
  int: 'INTEGER',
  date: 'DATE',
  money: 'NUMERIC(14, 2)',
  score: 'NUMERIC(4, 3)',
  currency: 'CHAR(3)',
  serial: 'BIGSERIAL',
};

/** The 22 tables of the baseline, declared once: their columns, and where their records lie in the file store. Parents first. */
export const TABLES = { ...BASE, ...CRM, ...OWNER };

/** TRAP kept: made by the service's own start only; the baseline SQL does not know them. */
export const AUTO_ONLY = {
  crm_conversations: table(lists('crm-conversations/conversations.json', 'conversations'), [
    'conversation_id uuid!',
    'tenant_id text!',
    'lead_id uuid',
    'channel text!',
    'status text!',
    META,
    ...STAMPS,
  ]),
  crm_messages: table(lists('crm-conversations/conversations.json', 'messages'), [
    'message_id uuid!',
    'tenant_id text!',
    'conversation_id uuid!>crm_conversations.conversation_id',
    'direction text!',
    'body text!',
    META,
    'created_at time!',
  ]),
};
export const ALL_TABLES = { ...TABLES, ...AUTO_ONLY };

/** Domains that stay on files under either backend: a split state after every cutover. */
export const STAYS_ON_FILES = {
  tenant_runtime_config: 'tenant-runtime-config/configs.json',
  owner_short_memory: 'owner-short-memory/sessions.json',
  owner_episodes: 'owner-episodes/episodes.json',
};

export const quoteIdent = (name) => `"${String(name).replaceAll('"', '""')}"`;

function defaultText({ kind, fallback }) {
  if (fallback === null) return '';
  return kind === 'json' ? ` DEFAULT '${fallback}'` : ` DEFAULT ${fallback}`;
}

function tableStatements(name, spec, at) {
  const lines = spec.columns.map((c) => {
    const parent = c.parent ? ` REFERENCES ${at}.${quoteIdent(c.parent[0])} (${quoteIdent(c.parent[1])})` : '';
    const unique = spec.unique === c.name ? ' UNIQUE' : '';
    return `${quoteIdent(c.name)} ${TYPES[c.kind]}${c.required ? ' NOT NULL' : ''}${unique}${defaultText(c)}${parent}`;
  });
  lines.push(`PRIMARY KEY (${quoteIdent(spec.columns[0].name)})`);
  const indexes = Object.entries(spec.indexes).map(([suffix, on]) => {
    const isUnique = on.startsWith('UNIQUE ');
    return `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${quoteIdent(`${name}_${suffix}`)} ON ${at}.${quoteIdent(name)} ${on.replace('UNIQUE ', '')}`;
  });
  return [`CREATE TABLE IF NOT EXISTS ${at}.${quoteIdent(name)} (\n  ${lines.join(',\n  ')})`, ...indexes];
}

/** Statements for a set of tables in one schema. */
export const tablesIn = (tables, schema) =>
  Object.entries(tables).flatMap(([name, spec]) => tableStatements(name, spec, quoteIdent(schema)));

/** The contract file: what the service itself expects, for one schema named later. */
export function contractText() {
  const schema = '$' + '{schema}';
  const statements = [`CREATE SCHEMA IF NOT EXISTS "${schema}"`, ...tablesIn(ALL_TABLES, schema)];
  return `-- The 22 tables of fabio's baseline SQL, and the two that only the service's own start makes.\n-- Statements are parted by an empty line; \${schema} stands inside quotes only.\n\n${statements.join('\n\n')}\n`;
}
