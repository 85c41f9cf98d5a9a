import pg from 'pg';

/** One connection for the time of `work`. @param {string} name as the server's activity shows it */
export async function withClient(dsn, work, name) {
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 10_000, application_name: name });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** One transaction on a connection of the pool; a connection that cannot roll back is not used again. */
export async function inTransaction(pool, work) {
  const client = await pool.connect();
  let broken;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failed) => {
      broken = failed;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
