import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireFleetFile } from '@/lib/launcher/check-fleet-file.mjs';
import { NeedsPerson } from '@/lib/launcher/say.mjs';
import { bundleOnce } from '@/lib/testing/bundle-once';
import { tempDir } from '@/lib/testing/databases';

const bundle = bundleOnce('check-fleet-test', { cli: 'lib/cli/main.ts' });
const good = (folder: string) => `environment: test
allowed_roots: [${folder}]
systems:
  - name: mine
    title: Mine
    profiles:
      - source_id: shop
        source: { kind: sqlite-file, path: ${folder}/shop.db }
        target: { dsn_env: PG_DSN, schema: shop }
        runbook: sqlite-to-postgres
`;

async function looked(text: (folder: string) => string, databaseUrl?: string, before: string[] = []) {
  const home = tempDir('check-fleet');
  const fleet = join(tempDir('fleet'), 'fleet.yaml');
  writeFileSync(fleet, text(home));
  for (const name of before) mkdirSync(join(home, name));
  const cli = join(await bundle(), 'cli.mjs');
  const found = await requireFleetFile({ home, fleet, databaseUrl, cli }).catch((thrown: unknown) => thrown);
  expect(readdirSync(home)).toEqual(before);
  return found;
}

it('lets a first start go on with a good file, and ends it for a mistake, with nothing started', async () => {
  expect(await looked(good)).toMatchObject({ right: true, said: expect.stringContaining('1 system, 1 profile') });
  const thrown = await looked((folder) => good(folder).replace('title: Mine', 'title: 4'));
  expect(thrown).toBeInstanceOf(NeedsPerson);
  expect(String(thrown)).toMatch(
    /nothing was started\.\n.*fleet\.yaml:5 systems\.0\.title: is the number 4, expected: text/s,
  );
});

it('says the mistake and goes on where cutovers may be under way', async () => {
  const bad = (folder: string) => good(folder).replace('sqlite-file', 'sqlite');
  const said = {
    right: false,
    said: expect.stringMatching(/fleet\.yaml:8 .*kind: is 'sqlite', expected: one of sqlite-file/),
  };
  expect(await looked(bad, undefined, ['control'])).toMatchObject(said);
  expect(await looked(bad, 'postgres://127.0.0.1/cutover')).toMatchObject(said);
});
