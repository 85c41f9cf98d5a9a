import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { TABLE_NAMES, toCells } from './ddl.mjs';
import { makePool, upserts } from './postgres-backend.mjs';
import { findOrphans, readAll } from './store.mjs';
import { inTransaction } from '../parts/postgres.mjs';

const GOVERNANCE = {
  humanExpressionOnly: true,
  aiManagedOperationsOnly: true,
  humanGovernedDecisions: true,
  auditabilityRequired: true,
  humanOverrideAvailable: true,
};

const countsOf = (data) => Object.fromEntries(TABLE_NAMES.map((table) => [table, data[table].length]));

/** SHA-256 of the canonical store: rows by id, members by name, signals in order. */
export function fingerprint(data) {
  const canonicalRow = (row) =>
    Object.fromEntries(
      Object.keys(row)
        .sort()
        .map((name) => [name, name === 'signals' && row.signals ? [...row.signals].sort() : row[name]]),
    );
  const byId = (a, b) => (a.id < b.id ? -1 : 1);
  const canonical = TABLE_NAMES.map((table) => [table, [...data[table]].sort(byId).map(canonicalRow)]);
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** @throws when the file is not there */
export async function readSqlite(file) {
  if (!existsSync(file)) throw new Error(`${file} does not exist.`);
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return await readAll('sqlite', (table) => db.prepare(`SELECT * FROM ${table} ORDER BY id`).all());
  } finally {
    db.close();
  }
}

const describe = (backend, data, extra = {}) => ({
  backend,
  ...extra,
  counts: countsOf(data),
  fingerprint: fingerprint(data),
  integrityViolations: findOrphans(data),
});

/** Replaces everything in the target, all or nothing. */
const replaceTarget = (pool, data) =>
  inTransaction(pool, async (client) => {
    for (const table of [...TABLE_NAMES].reverse()) await client.query(`DELETE FROM ${table}`);
    for (const table of TABLE_NAMES)
      for (const row of data[table]) await client.query(upserts[table], toCells(table, row));
  });

function parityOf(source, target) {
  if (!target) return null;
  return {
    sourceCounts: source.counts,
    targetCounts: target.counts,
    countsMatch: JSON.stringify(source.counts) === JSON.stringify(target.counts),
    sourceFingerprint: source.fingerprint,
    targetFingerprint: target.fingerprint,
    fingerprintMatch: source.fingerprint === target.fingerprint,
  };
}

/**
 * plan reads, apply replaces the target's rows, verify compares. As in the real tool a failure leaves no report.
 * @param {{action: string, sqliteFile: string, config: any, output?: string, humanApprovalRef?: string | null}} call
 * @returns {Promise<{report: Record<string, any>, ok: boolean}>}
 */
export async function runCutover({ action, sqliteFile, config, output, humanApprovalRef = null }) {
  const data = await readSqlite(sqliteFile);
  const source = describe('sqlite', data, { sqliteFile });
  const pool = config.postgres.url ? makePool(config) : null;
  let target = null;
  try {
    if (action === 'apply') await replaceTarget(pool, data);
    if (pool) {
      const rows = await readAll(
        'postgres',
        async (table) => (await pool.query(`SELECT * FROM ${table} ORDER BY id`)).rows,
      );
      target = describe('postgres', rows);
    }
  } finally {
    await pool?.end();
  }
  const parity = parityOf(source, target);
  const report = {
    generatedAt: new Date().toISOString(),
    action,
    governance: GOVERNANCE,
    source,
    target,
    parity,
    humanApprovalRef,
    productionGuardrails: {
      executeFlagRequired: true,
      humanApprovalRefRequired: true,
      writeActionExecuted: action === 'apply',
    },
  };
  if (output) writeFileSync(output, `${JSON.stringify(report, null, 2)}\n`);
  const isSound = source.integrityViolations.length === 0;
  const isEqual = parity?.countsMatch === true && parity.fingerprintMatch;
  return { report, ok: action === 'plan' ? isSound : isSound && isEqual };
}
