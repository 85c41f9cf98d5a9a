import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresStatements, quoteIdent } from './ddl.mjs';
import { SURFACES } from './tables.mjs';

export function readManifest(input) {
  const file = join(input, 'manifest.json');
  if (!existsSync(file)) throw new Error(`${file} does not exist; run export first.`);
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  if (manifest.version !== 1) throw new Error(`manifest version ${manifest.version} is not supported.`);
  return manifest;
}

const stateFile = (input) => join(input, 'import_state.json');
function readState(input) {
  if (!existsSync(stateFile(input))) return new Set();
  return new Set(JSON.parse(readFileSync(stateFile(input), 'utf8')).completed_batches);
}
const writeState = (input, done) =>
  writeFileSync(stateFile(input), `${JSON.stringify({ completed_batches: [...done].sort() })}\n`);

/** @throws Error `Checksum mismatch …` when a batch file is not the exported one. */
function readBatch(input, batch) {
  const bytes = readFileSync(join(input, batch.file));
  const checksum = createHash('sha256').update(bytes).digest('hex');
  if (checksum !== batch.checksum)
    throw new Error(`Checksum mismatch for ${batch.file}: expected ${batch.checksum}, got ${checksum}`);
  return `[${bytes.toString('utf8').trimEnd().split('\n').join(',')}]`;
}

/** All of a batch or nothing, like a COPY; loading it twice violates the key. */
async function loadBatch(client, table, rows) {
  const columns = table.columns.map(quoteIdent).join(', ');
  const name = quoteIdent(table.postgres_table);
  await client.query('BEGIN');
  try {
    await client.query(
      `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM json_populate_recordset(null::${name}, $1::json)`,
      [rows],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

export async function ensureTables(client) {
  for (const surface of Object.keys(SURFACES)) for (const sql of postgresStatements(surface)) await client.query(sql);
}

/**
 * TRAP kept: tables come in the manifest's sorted order, so chat_messages before chat_threads: any message breaks the foreign key.
 * TRAP kept: a batch is committed first and written to the state after; a crash between leaves it loaded and unrecorded.
 * @param {{client: import('pg').Client, input: string, resume: boolean, report: (text: string) => void,
 *   afterCommit?: (file: string) => void}} options afterCommit: called between the two, for the test of that crash
 */
export async function importAll({ client, input, resume, report, afterCommit = () => {} }) {
  const manifest = readManifest(input);
  const done = resume ? readState(input) : new Set();
  await ensureTables(client);
  for (const name of Object.keys(manifest.tables)) {
    const table = manifest.tables[name];
    for (const batch of table.batches) {
      if (done.has(batch.file)) continue;
      await loadBatch(client, table, readBatch(input, batch));
      afterCommit(batch.file);
      done.add(batch.file);
      writeState(input, done);
      report(`${batch.file}: ${batch.rows} rows`);
    }
    for (const sql of table.post_import_sql) await client.query(sql);
  }
}

/** TRAP kept: row counts only; dropped columns and tables that were never exported look fine. */
export async function validateAll({ client, input }) {
  const manifest = readManifest(input);
  const mismatches = [];
  for (const table of Object.values(manifest.tables)) {
    const found = await client.query(`SELECT count(*)::int AS n FROM ${quoteIdent(table.postgres_table)}`);
    if (found.rows[0].n !== table.row_count)
      mismatches.push({ table: table.name, expected: table.row_count, actual: found.rows[0].n });
  }
  return { ok: mismatches.length === 0, mismatches };
}
