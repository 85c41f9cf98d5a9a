/** Seeded tenants of HumanOnly: `node generate.mjs --folder DIR --posts N [--seed TEXT] [--dirty]`. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { seededRandom } from '../parts/random.mjs';
import { writeCaption } from '../sx_db/sample-text.mjs';
import { makeRecord } from './audit-log.mjs';
import { SQLITE_STATEMENTS, TABLE_NAMES, TABLES, toCells } from './ddl.mjs';
import { addForkedRecord, insertDirt } from './dirty-rows.mjs';

const FIRST_DAY = Date.parse('2026-02-20T12:00:00.000Z');
const STEP_MS = 61_000;
const timeOf = (step) => new Date(FIRST_DAY + step * STEP_MS).toISOString();
const hex = (random, digits) => Array.from({ length: digits }, () => random.int(16).toString(16)).join('');
const idOf = (random, prefix) => `${prefix}_${hex(random, 16)}`;
const REASONS = [
  'Looks automated',
  'Quoted without its source',
  'Personal attack',
  'Off topic',
  'Spam, third time today',
];

function makeUsers(random, count) {
  const named = [
    ['chief_admin', 'Chief Admin', 'admin'],
    ['queue_mod', 'Queue Moderator', 'moderator'],
  ];
  return Array.from({ length: count }, (_, i) => {
    const [handle, display_name, role] = named[i] ?? [`reader_${i}_${hex(random, 3)}`, `Reader ${i}`, 'member'];
    const at = timeOf(i % 500);
    return {
      id: idOf(random, 'usr'),
      handle,
      display_name,
      role,
      governance_accepted_at: at,
      human_verified_at: at,
      assurance_level: random.chance(0.8) ? 'enhanced' : 'baseline',
      signals: ['human_attestation', 'governance_commitment', ...(random.chance(0.8) ? ['interactive_challenge'] : [])],
      assurance_evaluated_at: at,
      created_at: at,
      updated_at: at,
    };
  });
}

function makePosts(random, users, count) {
  return Array.from({ length: count }, (_, i) => ({
    id: idOf(random, 'pst'),
    author_id: random.pick(users).id,
    body: writeCaption(random).slice(0, 500),
    created_at: timeOf(500 + i),
  }));
}

function makeReports(random, users, posts, count) {
  return Array.from({ length: count }, (_, i) => ({
    id: idOf(random, 'rpt'),
    post_id: random.pick(posts).id,
    reporter_id: random.pick(users).id,
    reason: random.pick(REASONS),
    status: random.pick(['open', 'triaged', 'resolved']),
    created_at: timeOf(600 + posts.length + i),
  }));
}

function makeAppeals(random, users, reports, count) {
  return Array.from({ length: count }, (_, i) => {
    const status = random.pick(['open', 'under_review', 'upheld', 'granted']);
    const isDecided = status === 'upheld' || status === 'granted';
    const at = timeOf(1_000_000 / 61 + i);
    return {
      id: idOf(random, 'apl'),
      report_id: random.pick(reports).id,
      appellant_id: random.pick(users).id,
      reason: 'Please look again',
      status,
      appealed_audit_record_id: null,
      created_at: at,
      updated_at: at,
      decided_at: isDecided ? at : null,
      decided_by_id: isDecided ? users[0].id : null,
      decision_rationale: isDecided ? 'Read in full by a person' : null,
    };
  });
}

/** All rows of a tenant: the same seed gives the same rows. */
export function makeRows({ seed, posts: count }) {
  const random = seededRandom(seed);
  const users = makeUsers(random, Math.max(4, Math.round(count / 12)));
  const posts = makePosts(random, users, count);
  const reports = makeReports(random, users, posts, Math.max(3, Math.round(count / 15)));
  const appeals = makeAppeals(random, users, reports, Math.max(1, Math.round(count / 90)));
  return { users, posts, reports, appeals };
}

function auditText(seed, data) {
  const random = seededRandom(`${seed}/audit`);
  const uuid = () => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
  const records = [];
  for (const post of data.posts.slice(0, 2_000)) {
    const entry = { actorId: post.author_id, action: 'post.created', targetType: 'post', targetId: post.id };
    records.push(makeRecord(records.at(-1), entry, { now: post.created_at, recordId: uuid() }));
  }
  for (const report of data.reports.slice(0, 200)) {
    // The members stand in an order that no sorting would give: whoever stores them as jsonb breaks the chain.
    const metadata = { zone: 'queue', status: report.status, postId: report.post_id };
    const entry = {
      actorId: report.reporter_id,
      action: 'report.created',
      targetType: 'report',
      targetId: report.id,
      metadata,
    };
    records.push(makeRecord(records.at(-1), entry, { now: report.created_at, recordId: uuid() }));
  }
  return records;
}

function insertRows(db, data) {
  for (const table of TABLE_NAMES) {
    const names = TABLES[table].map((column) => column.sqlite);
    const insert = db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
    for (const row of data[table]) insert.run(...toCells(table, row));
  }
}

/**
 * Makes `store.db` (its rows only in `store.db-wal`, as the running service leaves them) and `audit-log.jsonl`.
 * The file appears under its name only when it is whole.
 * @param {{folder: string, seed: string, posts: number, dirty?: boolean}} spec
 */
export function generateTenant({ folder, seed, posts, dirty = false }) {
  const path = join(folder, 'store.db');
  if (existsSync(path)) throw new Error(`${path} exists already; it is not overwritten.`);
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const partial = `${path}.partial`;
  const clear = () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
  };
  clear();
  const data = makeRows({ seed, posts });
  const records = auditText(seed, data);
  if (dirty) addForkedRecord(records);
  writeFileSync(join(folder, 'audit-log.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''), {
    mode: 0o640,
  });
  const db = new Database(partial);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = OFF');
    db.pragma('wal_autocheckpoint = 0');
    db.transaction(() => {
      for (const sql of SQLITE_STATEMENTS) db.exec(sql);
      insertRows(db, data);
      if (dirty) insertDirt(db, data);
    })();
    // Copied while open: closing would move the rows into the main file.
    copyFileSync(`${partial}-wal`, `${path}-wal`);
    copyFileSync(partial, `${path}.whole`);
  } finally {
    db.close();
  }
  renameSync(`${path}.whole`, path);
  clear();
}

function main() {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      posts: { type: 'string', default: '300' },
      seed: { type: 'string', default: 'humanonly' },
      dirty: { type: 'boolean', default: false },
    },
  });
  const posts = Number(values.posts);
  if (!values.folder || !Number.isInteger(posts) || posts < 1) {
    process.stderr.write('usage: generate.mjs --folder DIR --posts N [--seed TEXT] [--dirty]\n');
    process.exit(2);
  }
  generateTenant({ folder: values.folder, seed: values.seed, posts, dirty: values.dirty });
  process.stdout.write(`${values.folder}: ${posts} posts\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
