import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRunbook } from '@/lib/fleet/load';
import { systemEntry } from '@/lib/fleet/schema';
import { TABLES } from './ddl.mjs';
import { makeTarget } from './fixture';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

it('names only flows that its runbook has', () => {
  const { runbook } = readRunbook('lib/runbooks/humanonly-governed.yaml', 'humanonly-governed');
  const named = runbook.phases
    .flatMap(({ steps }) => steps)
    .flatMap(({ params }) => (params.flow ? [params.flow] : []));
  for (const flow of named) expect(Object.keys(runbook.flows)).toContain(flow);
});

it('says its fleet entry in the form of a fleet file', () => {
  const filled = read('fleet.fragment.yaml').replaceAll('{{port}}', '4000').replaceAll('{{TENANT}}', 'CIVIC');
  const system = systemEntry.parse(parse(filled.replaceAll(/\{\{[a-z]+\}\}/g, 'civic')));
  expect(system.profiles[0]?.target.dsn_env).toBe('HUMANONLY_CIVIC_URL');
});

it('writes exactly the columns of the contract', async () => {
  const target = await makeTarget();
  const { rows } = await target.query(
    "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'humanonly'",
  );
  const written = Object.entries(TABLES).flatMap(([table, columns]) =>
    columns.map((c: { postgres: string }) => `${table}.${c.postgres}`),
  );
  expect(rows.map((row) => row.name).sort()).toEqual(written.sort());
});
