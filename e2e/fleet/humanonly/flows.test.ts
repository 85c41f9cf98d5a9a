import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type KeptRow, openFootprint } from '@/lib/checks/footprint';
import { runFlow } from '@/lib/checks/run-flow';
import { targetPlace } from '@/lib/dataplane';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import { serviceEntry } from '@/lib/fleet/schema';
import { readConfig } from './config.mjs';
import { runCutover } from './cutover.mjs';
import { type Env, makeTarget, makeTenant, startHumanonly } from './fixture';

const runbook = runbookFile.parse(parse(readFileSync('lib/runbooks/humanonly-governed.yaml', 'utf8')));
const CLI = join(import.meta.dirname, 'cli.mjs');

/** Runs flows of the runbook against a service on PostgreSQL whose rows were applied from `tenant`. */
async function runFlows(names: string[], tenant: { folder: string; env: Env }, damage = '', flows = runbook.flows) {
  const target = await makeTarget();
  const env = {
    ...tenant.env,
    ...target.env,
    HUMANONLY_STORAGE_BACKEND: 'postgres',
    HUMANONLY_ADMIN_HANDLES: 'cutover_smoke',
    HUMANONLY_CHALLENGE_MIN_SOLVE_MS: '400',
  };
  const sqliteFile = tenant.env.HUMANONLY_DB_FILE as string;
  const applied = await runCutover({ action: 'apply', sqliteFile, config: readConfig(env) });
  if (damage) await target.query(damage);
  const { url } = await startHumanonly(env);
  const envFile = join(tenant.folder, 'service.env');
  writeFileSync(envFile, 'HUMANONLY_STORAGE_BACKEND=postgres\n');
  const service = serviceEntry.parse({
    name: 'humanonly',
    instances: [url],
    env_file: envFile,
    env_allow: ['HUMANONLY_STORAGE_BACKEND'],
    log_file: join(tenant.folder, 'access.log'),
    restart: { kind: 'managed', argv: [process.execPath], cwd: tenant.folder, env: { ...env, PORT: '0' } },
    observe: { path: '/api/health', mode: 'storage.backend', modes: { postgres: 'postgres' } },
    mode_variable: 'HUMANONLY_STORAGE_BACKEND',
    cli: {
      cwd: tenant.folder,
      commands: { 'cutover-verify': [process.execPath, CLI, 'cutover', '--action', 'verify'] },
    },
  });
  const place = targetPlace(target.dsn, 'lounge', { schema: 'humanonly', shared_tables: {} });
  let kept: KeptRow[] | null = null;
  const store = {
    get: async () => kept,
    set: async (rows: KeptRow[]) => {
      kept = structuredClone(rows);
    },
  };
  const signal = AbortSignal.timeout(90_000);
  const failed: string[] = [];
  for (const name of names) {
    const results = await runFlow({
      flow: flows[name] ?? { title: '', checks: [] },
      names: {
        mark: 'cutover-0123456789abcdef',
        schema: 'humanonly',
        ...Object.fromEntries(Object.entries(applied.report.source.counts).map(([t, n]) => [`rows.${t}`, Number(n)])),
      },
      neighbours: [],
      footprint: openFootprint(place, store, signal),
      progress: () => undefined,
      place: {
        service,
        url,
        headers: {},
        target: place,
        source: () => ({ path: sqliteFile, beside: {} }),
        secret: () => '',
        signal,
        log: () => undefined,
      },
    });
    failed.push(...results.filter((one) => one.verdict !== 'passed').map((one) => `${one.claim}: ${one.summary}`));
  }
  const left = await target.query("SELECT count(*)::int AS n FROM users WHERE handle LIKE 'cutover%'");
  return { failed, left: left.rows[0].n as number };
}

it('passes validation, parity and smoke on an equal target, and leaves no row of its own', async () => {
  const found = await runFlows(['validate', 'parity', 'smoke', 'validate', 'parity'], makeTenant());
  expect(found).toEqual({ failed: [], left: 0 });
});

it('fails validation and parity by name when one row is missing and one person lacks identity assurance', async () => {
  const damage = `DELETE FROM appeals WHERE id = (SELECT min(id) FROM appeals);
    UPDATE users SET identity_assurance_level = NULL WHERE role = 'admin'`;
  const { failed } = await runFlows(['validate', 'parity'], makeTenant(), damage);
  expect(failed.map((line) => line.split(':')[0])).toEqual([
    'As many users, posts, reports and appeals as the backup',
    'Everybody with rights has identity assurance on record',
    'Its verify action finds both stores equal',
  ]);
});

it('fails on the first read after a start, which comes before the rows, unless it asks again', async () => {
  const hydrated = 'The rows are hydrated (the first feed after a start is empty)';
  const checks = runbook.flows.smoke?.checks.filter(({ name }) => name === hydrated) ?? [];
  const hasty = checks.map(({ retry: _, ...check }) => check);
  const flows = { patient: { title: 'asks again', checks }, hasty: { title: 'asks once', checks: hasty } };
  expect((await runFlows(['hasty'], makeTenant(), '', flows)).failed).toEqual([expect.stringContaining(hydrated)]);
  expect((await runFlows(['patient'], makeTenant(), '', flows)).failed).toEqual([]);
});
