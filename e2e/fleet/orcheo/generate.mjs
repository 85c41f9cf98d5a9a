/** Seeded SQLite files of one Orcheo tenant: `node generate.mjs --output DIR [--size main|small|tiny] [--seed TEXT] [--dirty]`. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { sqliteStatements, VAULT_STATEMENTS } from './ddl.mjs';
import { TABLES } from './tables.mjs';
import { insertDirt } from './dirty-rows.mjs';
import { insertChat, insertCheckpoints, insertRepository, insertStore, insertTokens } from './generate-rows.mjs';
import { sampleUuid, seededRandom } from '../parts/random.mjs';
import { sampleTime } from './sample-values.mjs';

export const SIZES = {
  main: {
    workflows: 400,
    runs: 20_000,
    tokens: 40,
    threads: 1_500,
    messages: 30_000,
    checkpoints: 6_000,
    stored: 2_000,
  },
  small: { workflows: 60, runs: 1_200, tokens: 12, threads: 80, messages: 1_500, checkpoints: 300, stored: 120 },
  tiny: { workflows: 12, runs: 40, tokens: 5, threads: 10, messages: 60, checkpoints: 20, stored: 8 },
};
export const FILES = ['workflows', 'service_tokens', 'chatkit', 'checkpoints', 'graph_store', 'vault'];

function inserter(db) {
  const statements = new Map();
  return (table, values) => {
    if (!statements.has(table)) {
      const columns = TABLES[table].columns.map((c) => `"${c.name}"`);
      statements.set(
        table,
        db.prepare(`INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`),
      );
    }
    statements.get(table).run(...values.map((v) => (typeof v === 'boolean' ? Number(v) : v)));
  };
}

function insertVault(db, random) {
  const insert = db.prepare("INSERT INTO credentials VALUES (?, ?, ?, '[]', ?, ?, ?)");
  for (const provider of ['slack', 'telegram', 'openai'])
    insert.run(
      sampleUuid(random),
      `${provider} key`,
      provider,
      Buffer.from(sampleUuid(random)),
      sampleTime(random),
      sampleTime(random),
    );
}

/** Fills a file; the threads of the checkpoints are runs of the repository, so they come from the same seed. */
function fillFile(db, file, seed, counts) {
  const insert = inserter(db);
  const random = seededRandom(`${seed}/${file}`);
  if (file === 'workflows') insertRepository(random, insert, counts);
  if (file === 'service_tokens') insertTokens(random, insert, counts);
  if (file === 'chatkit') insertChat(random, insert, counts);
  if (file === 'checkpoints')
    insertCheckpoints(
      random,
      insert,
      insertRepository(seededRandom(`${seed}/workflows`), () => {}, counts).slice(0, counts.checkpoints),
    );
  if (file === 'graph_store') insertStore(random, insert, counts);
  if (file === 'vault') insertVault(db, random);
}

function generateFile({ path, file, seed, counts, dirty }) {
  const partial = `${path}.partial`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
  const db = new Database(partial);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = OFF');
    for (const sql of file === 'vault' ? VAULT_STATEMENTS : sqliteStatements(file)) db.exec(sql);
    db.transaction(() => {
      fillFile(db, file, seed, counts);
      if (dirty) insertDirt(db, file);
    })();
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  renameSync(partial, path);
}

/**
 * Makes the files that are missing; each appears under its name only when it is whole. An existing one is never touched.
 * @param {{folder: string, seed?: string, size?: keyof typeof SIZES, dirty?: boolean}} spec @returns files made now
 */
export function generateTenant({ folder, seed = 'orcheo', size = 'small', dirty = false }) {
  mkdirSync(folder, { recursive: true });
  const made = [];
  for (const file of FILES) {
    const path = join(folder, `${file}.sqlite`);
    if (existsSync(path)) continue;
    generateFile({ path, file, seed, counts: SIZES[size], dirty });
    made.push(file);
  }
  return made;
}

function main() {
  const { values } = parseArgs({
    options: {
      output: { type: 'string' },
      size: { type: 'string', default: 'small' },
      seed: { type: 'string', default: 'orcheo' },
      dirty: { type: 'boolean', default: false },
    },
  });
  if (!values.output || !SIZES[values.size]) {
    process.stderr.write('usage: generate.mjs --output DIR [--size main|small|tiny] [--seed TEXT] [--dirty]\n');
    process.exit(2);
  }
  const made = generateTenant({ folder: values.output, seed: values.seed, size: values.size, dirty: values.dirty });
  process.stdout.write(`${values.output}: ${made.join(', ') || 'nothing new'}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
