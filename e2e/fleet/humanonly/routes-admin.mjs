import { existsSync, readFileSync, statSync } from 'node:fs';
import { verifyAuditFile } from './audit-log.mjs';
import { TABLE_NAMES } from './ddl.mjs';

/** Says which backend the process chose, and no more: neither rows nor connection are touched for it. */
async function health({ backend }) {
  return { body: { ok: true, service: 'humanonly-web', storage: { backend: backend.name } } };
}

const tally = (rows, member) => {
  const counts = {};
  for (const row of rows) counts[row[member]] = (counts[row[member]] ?? 0) + 1;
  return counts;
};

async function metrics({ store }) {
  return { body: { data: Object.fromEntries(TABLE_NAMES.map((table) => [table, store[table].size])) } };
}

/** Storage is always described by the SQLite file, also on PostgreSQL: the real service does, so never trust it. */
async function reliability({ config }) {
  const exists = existsSync(config.dbFile);
  const { valid, records, firstBadSequence } = verifyAuditFile(config.auditFile);
  return {
    body: {
      data: {
        storage: {
          backend: 'sqlite',
          file: config.dbFile,
          exists,
          sizeBytes: exists ? statSync(config.dbFile).size : 0,
        },
        audit: { mode: config.auditMode, valid, records, firstBadSequence },
      },
    },
  };
}

async function insights({ store }) {
  return {
    body: {
      data: {
        reports: tally(store.reports.values(), 'status'),
        appeals: tally(store.appeals.values(), 'status'),
      },
    },
  };
}

async function actionLog({ config }) {
  const lines = existsSync(config.auditFile) ? readFileSync(config.auditFile, 'utf8').split('\n').filter(Boolean) : [];
  const kept = lines
    .map((line) => JSON.parse(line))
    .filter(({ action }) => /^(moderation|appeal|report\.created)/.test(action));
  return { body: { data: kept.slice(-100).reverse() } };
}

export const ADMIN_ROUTES = [
  { method: 'GET', path: '/api/health', early: true, handle: health },
  { method: 'GET', path: '/api/admin/metrics', role: 'admin', handle: metrics },
  { method: 'GET', path: '/api/admin/reliability', role: 'admin', handle: reliability },
  { method: 'GET', path: '/api/moderation/insights', role: 'moderator', handle: insights },
  { method: 'GET', path: '/api/moderation/action-log', role: 'moderator', handle: actionLog },
];
