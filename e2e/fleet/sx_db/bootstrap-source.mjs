import { deriveSchema, globalStatements, quoteIdent, sourceStatements } from './ddl.mjs';

/**
 * Maps a source to its schema and makes its tables, all in one transaction; safe to repeat.
 * With an admin connection the objects are still made as `ownerRole`, so that the service owns them.
 * @throws pg DatabaseError 23505 when another source already owns the derived schema name.
 */
export async function bootstrapSource(client, config, sourceId, { schema: wanted, ownerRole } = {}) {
  const registry = `public.${quoteIdent(config.registryTable)}`;
  await client.query('BEGIN');
  try {
    if (ownerRole) await client.query(`SET LOCAL ROLE ${quoteIdent(ownerRole)}`);
    // Two bootstraps at once would race in CREATE … IF NOT EXISTS, which is not atomic in PostgreSQL.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('sx_db bootstrap'))");
    for (const sql of globalStatements(config.registryTable)) await client.query(sql);
    const known = await client.query(`SELECT schema_name FROM ${registry} WHERE source_id = $1`, [sourceId]);
    const schema = known.rows[0]?.schema_name ?? wanted ?? deriveSchema(config.schemaPrefix, sourceId);
    if (known.rows.length === 0) {
      const now = new Date().toISOString();
      await client.query(
        `INSERT INTO ${registry} (source_id, schema_name, created_at, updated_at) VALUES ($1, $2, $3, $3)`,
        [sourceId, schema, now],
      );
    }
    for (const sql of sourceStatements(schema)) await client.query(sql);
    await client.query('COMMIT');
    return { schema, created: known.rows.length === 0 };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** User name in a DSN, or null; needed to hand objects made by the admin to the service's role. */
export function userOfDsn(dsn) {
  try {
    return decodeURIComponent(new URL(dsn).username) || null;
  } catch {
    return null;
  }
}
