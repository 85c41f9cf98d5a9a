import pg from 'pg';
import { bootstrapSource, userOfDsn } from './bootstrap-source.mjs';
import { requireDsn } from './config.mjs';
import { quoteIdent } from './ddl.mjs';
import { HttpError } from '../parts/errors.mjs';

const INT8 = 20;
/** 64-bit columns (a counter that was widened for a move) are JSON numbers, as those of SQLite are. */
const types = { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) };

/** `?` marks become $1, $2 …; no query of the service holds a literal question mark. */
const numbered = (sql) => {
  let n = 0;
  return sql.replace(/\?/g, () => `$${++n}`);
};

async function findSchema(client, registryTable, sourceId) {
  try {
    const found = await client.query(
      `SELECT schema_name FROM public.${quoteIdent(registryTable)} WHERE source_id = $1`,
      [sourceId],
    );
    return found.rows[0]?.schema_name ?? null;
  } catch (error) {
    if (error.code === '42P01') return null;
    throw error;
  }
}

const unknownSource = (sourceId) =>
  new HttpError(400, `Unknown source_id "${sourceId}": it is not mapped in the registry.`);

function makeSession(client, config, sourceId, schema) {
  const searchPath = `${quoteIdent(schema)}, public`;
  return {
    sourceId,
    dialect: 'postgres',
    all: async (sql, params = []) => (await client.query(numbered(sql), params)).rows,
    one: async (sql, params = []) => (await client.query(numbered(sql), params)).rows[0] ?? null,
    run: async (sql, params = []) => {
      await client.query(numbered(sql), params);
    },
    describe: () => ({
      backend: 'postgres_primary',
      active: true,
      source_id: sourceId,
      schema,
      search_path: `${schema}, public`,
    }),
    fts: () => ({ has_fts_table: false }),
    searchPath,
    async overlapTables(...ids) {
      const tables = [];
      for (const id of ids) {
        const found = await findSchema(client, config.registryTable, id);
        if (!found) throw unknownSource(id);
        tables.push({ table: `${quoteIdent(found)}.videos`, sourceId: id });
      }
      return tables;
    },
  };
}

/** PostgreSQL as primary: a source must be mapped, and every request works in its schema. Never opens the SQLite file. */
export function openPostgresBackend(config) {
  const pool = new pg.Pool({
    connectionString: requireDsn(config),
    types,
    max: 8,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 15_000,
    application_name: `sx_db:${config.port}`,
  });
  // An idle connection dies with the server; the next request makes a new one.
  pool.on('error', () => {});
  return {
    name: 'postgres_primary',
    async withSource(sourceId, _bypass, work) {
      const client = await pool.connect();
      let broken;
      try {
        const schema = await findSchema(client, config.registryTable, sourceId);
        if (!schema) throw unknownSource(sourceId);
        const session = makeSession(client, config, sourceId, schema);
        await client.query(`SET search_path TO ${session.searchPath}`);
        return await work(session);
      } catch (error) {
        // A failure without SQLSTATE comes from the connection itself: it must not go back to the pool.
        if (!(error instanceof HttpError) && !/^[0-9A-Z]{5}$/.test(error?.code ?? '')) broken = error;
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async bootstrap(sourceId, wanted) {
      const admin = new pg.Client({ connectionString: config.adminDsn ?? config.dsn, connectionTimeoutMillis: 3_000 });
      admin.on('error', () => {});
      await admin.connect();
      try {
        const ownerRole = config.adminDsn ? userOfDsn(config.dsn) : null;
        const made = await bootstrapSource(admin, config, sourceId, { schema: wanted, ownerRole });
        return {
          ok: true,
          backend: 'postgres_primary',
          source_id: sourceId,
          schema: made.schema,
          created: made.created,
        };
      } catch (error) {
        if (error.code === '23505')
          throw new HttpError(409, `The schema derived from "${sourceId}" belongs to another source_id.`);
        throw error;
      } finally {
        await admin.end();
      }
    },
    close: () => pool.end(),
  };
}
