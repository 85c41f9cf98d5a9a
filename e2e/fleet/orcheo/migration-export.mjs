import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MIGRATION_TABLES, sortedJson } from './migration-tables.mjs';

/** TRAP kept: blank JSON text becomes null, which a NOT NULL column refuses only at the import. */
function readJsonText(text) {
  if (text === null) return null;
  return text.trim() === '' ? null : JSON.parse(text);
}

/** TRAP kept: JSON is normalised here and times are taken as they are, so a wrong time fails only at the import. */
function exportRow(table, row) {
  for (const column of table.jsonColumns) row[column] = readJsonText(row[column]);
  for (const column of table.boolColumns) row[column] = row[column] === null ? null : Boolean(row[column]);
  return sortedJson(row);
}

function exportTable({ db, table, output, batchSize, path }) {
  const select = db.prepare(
    `SELECT ${table.columns.map((c) => `"${c}"`).join(', ')} FROM ${table.name} ORDER BY ${table.key.join(', ')}`,
  );
  const batches = [];
  let lines = [];
  let rowCount = 0;
  const flush = () => {
    if (lines.length === 0) return;
    const file = `${table.name}/batch_${String(batches.length + 1).padStart(4, '0')}.jsonl`;
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    mkdirSync(join(output, table.name), { recursive: true });
    writeFileSync(join(output, file), bytes);
    batches.push({ file, rows: lines.length, checksum: createHash('sha256').update(bytes).digest('hex') });
    rowCount += lines.length;
    lines = [];
  };
  for (const row of select.iterate()) {
    lines.push(exportRow(table, row));
    if (lines.length === batchSize) flush();
  }
  flush();
  return {
    name: table.name,
    // TRAP kept: the path of this host is part of what is handed over.
    sqlite_path: path,
    postgres_table: table.name,
    columns: table.columns,
    row_count: rowCount,
    batches,
    json_columns: table.jsonColumns,
    bool_columns: table.boolColumns,
    post_import_sql: table.postImportSql,
  };
}

/** Writes checksummed batches and manifest.json. The vault is never opened. @returns rows by table */
export function exportAll({ files, output, batchSize, report }) {
  mkdirSync(output, { recursive: true });
  const open = new Map();
  const tables = {};
  try {
    for (const table of MIGRATION_TABLES) {
      const path = files[table.file];
      if (!existsSync(path)) throw new Error(`${path} does not exist.`);
      if (!open.has(path)) open.set(path, new Database(path, { readonly: true, fileMustExist: true }));
      tables[table.name] = exportTable({ db: open.get(path), table, output, batchSize, path });
      report(`${table.name}: ${tables[table.name].row_count} rows in ${tables[table.name].batches.length} batches`);
    }
  } finally {
    for (const db of open.values()) db.close();
  }
  const manifest = { version: 1, generated_at: new Date().toISOString(), tables };
  writeFileSync(join(output, 'manifest.json'), `${JSON.stringify(JSON.parse(sortedJson(manifest)), null, 2)}\n`);
  return manifest;
}
