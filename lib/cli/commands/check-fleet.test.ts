import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import { checkFleet } from './check-fleet';

const runbook = readFileSync('lib/runbooks/sqlite-to-postgres.yaml', 'utf8').replace(
  'name: sqlite-to-postgres',
  'name: own',
);

/** A fleet of one file for each runbook, and a runbook of one's own beside it. */
async function said(names: string[], own = runbook): Promise<string> {
  const folder = tempDir('check-fleet');
  writeFileSync(join(folder, 'own.yaml'), own);
  const profile = (name: string) => `
      - source_id: ${name}
        source: { kind: sqlite-file, path: ${folder}/${name}.db }
        target: { dsn_env: PG_DSN, schema: ${name.replaceAll('-', '_')} }
        runbook: ${name}`;
  const file = join(folder, 'fleet.yaml');
  writeFileSync(
    file,
    `environment: test\nallowed_roots: [${folder}]\nrunbooks: [own.yaml]\nsystems:\n  - name: mine\n    title: Mine\n    profiles:${names.map(profile).join('')}\n`,
  );
  const lines: string[] = [];
  await checkFleet.run([file], { json: false, line: (text) => void lines.push(text), result: () => undefined });
  return lines.join('\n');
}

it('takes every shipped runbook, its parameters too', async () => {
  const shipped = readdirSync('lib/runbooks')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -5));
  expect(shipped.length).toBeGreaterThan(2);
  expect(await said(shipped)).toMatch(new RegExp(`1 system, ${shipped.length} profiles, ${shipped.length} runbooks`));
});

it('names file and line of a step kind that nobody knows, and the step of a parameter that it does not take', async () => {
  const line = runbook.split('\n').findIndex((text) => text.includes('kind: row-diff')) + 1;
  await expect(said(['own'], runbook.replace('kind: row-diff', 'kind: do-magic'))).rejects.toMatchObject({
    code: 'runbook_invalid',
    message: expect.stringMatching(
      new RegExp(`own\\.yaml:${line} .*no step kind 'do-magic'; the kinds are .*row-diff`),
    ),
  });
  await expect(said(['own'], runbook.replace('batch_rows:', 'batch_row:'))).rejects.toMatchObject({
    code: 'runbook_invalid',
    message: expect.stringMatching(/own\.yaml: step 'import': params.*batch_row/),
  });
});
