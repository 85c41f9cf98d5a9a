import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findChromium } from '@/lib/launcher/find-chromium.mjs';
import { findPostgres, majorOf } from '@/lib/launcher/find-postgres.mjs';
import { tempDir } from '@/lib/testing/databases';

const tools = ['initdb', 'pg_ctl', 'postgres', 'psql', 'pg_dump', 'pg_restore'];

function toolFolder(versions: Record<string, string>) {
  const bin = join(tempDir('pg'), 'bin');
  mkdirSync(bin);
  for (const [tool, version] of Object.entries(versions)) {
    writeFileSync(join(bin, tool), `#!/bin/sh\necho "${tool} (PostgreSQL) ${version}"\n`);
    chmodSync(join(bin, tool), 0o755);
  }
  return bin;
}
const all = (version: string) => Object.fromEntries(tools.map((tool) => [tool, version]));

it('takes a folder only if every tool is there and of one major version', () => {
  expect(majorOf(toolFolder(all('16.2')))).toBe(16);
  expect(majorOf(toolFolder({ ...all('16.2'), pg_dump: '15.4' }))).toBeNull();
  const { pg_restore: _, ...some } = all('16.2');
  expect(majorOf(toolFolder(some))).toBeNull();
});

it('asks only the folder that PG_BIN_DIR names', () => {
  const bin = toolFolder(all('99.1'));
  expect(findPostgres({ PG_BIN_DIR: bin })).toEqual({ binDir: bin, major: 99 });
  expect(findPostgres({ PG_BIN_DIR: tempDir('empty'), PATH: process.env.PATH })).toBeNull();
});

it('finds the machine’s own server programs without any variable', () => {
  expect(findPostgres({ PATH: process.env.PATH })?.major).toBeGreaterThanOrEqual(13);
});

it('prefers the Chromium that CHROMIUM_PATH names, and does not replace it by another', () => {
  const folder = tempDir('chromium');
  symlinkSync('/bin/true', join(folder, 'chromium'));
  expect(findChromium({ PATH: folder })).toBe(join(folder, 'chromium'));
  expect(findChromium({ PATH: folder, CHROMIUM_PATH: join(folder, 'gone') })).toBeNull();
});
