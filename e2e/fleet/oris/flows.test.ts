import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type KeptRow, openFootprint } from '@/lib/checks/footprint';
import { runFlow } from '@/lib/checks/run-flow';
import { targetPlace } from '@/lib/dataplane';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import { systemEntry } from '@/lib/fleet/schema';
import { readCounts, withClient } from './backup.mjs';
import { makeRuntime, startOris } from './fixture';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const runbook = runbookFile.parse(parse(read('runbook.draft.yaml')));
const filled = read('fleet.fragment.yaml')
  .replaceAll('{{port}}', '4000')
  .replaceAll(/\{\{[a-z]+\}\}/g, 'main');
const [service] = systemEntry.parse(parse(filled)).services;

/** Claims that did not pass, of flows run against a held server on a schema of 60 attempts. */
async function failedClaims(flows: string[], damage = ''): Promise<string[]> {
  const runtime = await makeRuntime('postgres');
  const counts = await readCounts({ dsn: runtime.dsn, schema: 'oris_runtime' });
  if (damage)
    await withClient(runtime.dsn, (client: { query: (sql: string) => Promise<unknown> }) => client.query(damage));
  const { url } = await startOris({ ...runtime.env, ORIS_MAINTENANCE: 'pass' });
  const place = targetPlace(runtime.dsn, 'main', { schema: 'oris_runtime', shared_tables: {} });
  let kept: KeptRow[] | null = null;
  const store = {
    get: async () => kept,
    set: async (rows: KeptRow[]) => {
      kept = structuredClone(rows);
    },
  };
  const signal = AbortSignal.timeout(20_000);
  const failed: string[] = [];
  for (const name of flows) {
    const results = await runFlow({
      flow: runbook.flows[name] ?? { title: '', checks: [] },
      names: {
        mark: 'cutover-0123456789abcdef',
        'rows.runtime_attempts': counts.attempt_rows ?? 0,
        'rows.runtime_leases': counts.lease_rows ?? 0,
      },
      neighbours: [],
      footprint: openFootprint(place, store, signal),
      progress: () => undefined,
      place: {
        service: service as NonNullable<typeof service>,
        url,
        headers: { 'X-Oris-Maintenance-Bypass': 'pass' },
        target: place,
        source: { path: runtime.path, allowedRoots: [runtime.folder] },
        secret: () => '',
        signal,
        log: () => undefined,
      },
    });
    failed.push(...results.filter((one) => one.verdict !== 'passed').map((one) => `${one.claim}: ${one.summary}`));
  }
  return failed;
}

it('passes validation before and after the canary, which leaves no row', async () => {
  expect(await failedClaims(['validate', 'canary', 'validate'])).toEqual([]);
});

it('fails by name when a lease came back without its attempt', async () => {
  const failed = await failedClaims(
    ['validate'],
    `DELETE FROM oris_runtime.runtime_attempts WHERE attempt_id = (SELECT min(attempt_id) FROM oris_runtime.runtime_leases)`,
  );
  expect(failed.map((line) => line.split(':')[0])).toEqual([
    'As many attempts and leases as the backup holds',
    'Every lease owns an attempt',
  ]);
});
