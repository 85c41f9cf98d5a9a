import Database from 'better-sqlite3';
import { configureConnection, ensureSchema, hasTable } from './sqlite-schema.mjs';

/** Below a second, so that a lock held elsewhere never outlasts a drain. */
const LOCK_WAIT_MS = 800;

/** The SQLite file of one process. Unknown sources are made on first sight, as the real service does. */
export function openSqliteBackend(config, maintenance) {
  const db = new Database(config.dbPath, { timeout: LOCK_WAIT_MS });
  configureConnection(db);
  ensureSchema(db, { fts: config.ftsEnabled });
  const statements = new Map();
  const prepare = (sql) => {
    if (!statements.has(sql)) statements.set(sql, db.prepare(sql));
    return statements.get(sql);
  };
  const session = (sourceId) => ({
    sourceId,
    dialect: 'sqlite',
    all: async (sql, params = []) => prepare(sql).all(...params),
    one: async (sql, params = []) => prepare(sql).get(...params) ?? null,
    run: async (sql, params = []) => {
      prepare(sql).run(...params);
    },
    describe: () => ({ backend: 'sqlite', active: false, source_id: sourceId, reason: 'SX_DB_BACKEND_MODE is SQLITE' }),
    fts: () => ({ has_fts_table: hasTable(db, 'videos_fts') }),
    overlapTables: async (a, b) => [a, b].map((id) => ({ table: 'videos', sourceId: id })),
  });

  const ensureSource = (sourceId, bypass) => {
    if (prepare('SELECT 1 FROM sources WHERE id = ?').get(sourceId)) return;
    maintenance.admit(bypass);
    const now = new Date().toISOString();
    prepare(
      'INSERT INTO sources (id, label, kind, enabled, is_default, created_at, updated_at) VALUES (?, ?, ?, 1, 0, ?, ?)',
    ).run(sourceId, sourceId, 'auto', now, now);
  };

  return {
    name: 'sqlite',
    async withSource(sourceId, bypass, work) {
      ensureSource(sourceId, bypass);
      return work(session(sourceId));
    },
    async bootstrap(sourceId) {
      return {
        ok: true,
        backend: 'sqlite',
        source_id: sourceId,
        schema: null,
        message: 'Nothing to do: the backend is not POSTGRES_PRIMARY.',
      };
    },
    async close() {
      db.close();
    },
  };
}
