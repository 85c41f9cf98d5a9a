import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isEqual } from '@/lib/dataplane';
import { codeOf } from '@/lib/testing/dataplane-fixture';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { exportOf, importOf, validateOf } from '@/lib/testing/files-fixture';
import { makeOrcheo } from '@/lib/testing/orcheo-files';

function runKilled(env: Record<string, string>, limit = ''): Promise<NodeJS.Signals | number | null> {
  const run = `${limit} exec "${process.execPath}" --import tsx lib/testing/killed-files.ts`;
  const child = spawn('/bin/sh', ['-c', run], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
}

const files = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

test('an export that is killed at any of its places goes on, keeps whole batches, and ends in the same files', {
  timeout: 180_000,
}, async () => {
  const dir = tempDir('killed');
  const sources = makeOrcheo(dir);
  const whole = await exportOf(sources, join(dir, 'whole'), { batchRows: 100 });
  const folder = join(dir, 'export');
  const SOURCES = JSON.stringify(sources);
  const places = [
    'before-batch',
    'before-rename',
    'after-batch',
    'after-progress',
    'before-manifest',
    'after-manifest',
  ];
  let kept = '';
  for (const [i, place] of places.entries()) {
    const hit = place.endsWith('manifest') ? 1 : 2 + (i % 2);
    expect(
      await runKilled({ ACT: 'export', SOURCES, FOLDER: folder, KILL_AT: `export:${place}`, KILL_HIT: String(hit) }),
      place,
    ).toBe('SIGKILL');
    expect(existsSync(join(folder, 'manifest.json')), place).toBe(place === 'after-manifest');
    const first = join(folder, 'workflows/batch_0001.jsonl');
    if (existsSync(first)) kept ||= String(statSync(first).mtimeMs);
  }
  expect(kept).toBe(String(statSync(join(folder, 'workflows/batch_0001.jsonl')).mtimeMs));
  const again = await exportOf(sources, folder, { batchRows: 100 });
  expect(again).toMatchObject({ writtenBatches: 0, manifest: { chain: whole.manifest.chain } });
  expect(files(folder)).toEqual(files(join(dir, 'whole')));
});

test('an import that is killed at any of its places goes on from the ledger alone: nothing lost, nothing doubled', {
  timeout: 180_000,
}, async () => {
  const dir = tempDir('killed_import');
  const folder = join(dir, 'export');
  await exportOf(makeOrcheo(dir), folder, { batchRows: 100 });
  const { dsn } = await testDatabase('killed_import');
  for (const [place, hit] of [
    ['import:before-batch', 2],
    ['import:after-batch', 3],
    ['import:after-commit', 2],
    ['import:before-constraint', 1],
    ['import:after-constraint', 1],
  ] as const)
    expect(
      await runKilled({ ACT: 'import', FOLDER: folder, TARGET: dsn, KILL_AT: place, KILL_HIT: String(hit) }),
      place,
    ).toBe('SIGKILL');
  const done = await importOf(folder, dsn, 'orcheo', { batchRows: 100 });
  expect(done.report.resumedBatches).toBeGreaterThan(0);
  expect(done.check.passed).toBe(true);
  const { diff } = await validateOf(folder, dsn, 'orcheo');
  expect(isEqual(diff)).toBe(true);
  expect(diff.notCompared).toEqual([]);
  expect(files(folder).filter((name) => name.includes('state'))).toEqual([]);
});

test('a disk that fills while exporting leaves nothing half-written, and the export goes on once there is space', {
  timeout: 60_000,
}, async () => {
  const dir = tempDir('full');
  const sources = makeOrcheo(dir);
  const folder = join(dir, 'small');
  mkdirSync(folder);
  const mounted = mountSmall(folder);
  try {
    const output = join(folder, 'export');
    if (mounted) expect(await codeOf(() => exportOf(sources, output, { batchRows: 100 }))).toBe('disk_full');
    else
      expect(
        await runKilled({ ACT: 'export', SOURCES: JSON.stringify(sources), FOLDER: output }, 'ulimit -f 4;'),
      ).not.toBe(0);
    expect(files(output).filter((name) => name.endsWith('.partial') || name === 'manifest.json')).toEqual([]);
    expect(await codeOf(() => importOf(output, 'postgres://nobody@127.0.0.1:1/none', 's'))).toBe('export_incomplete');
    const before = files(output).filter((name) => name.endsWith('.jsonl'));
    expect(before.length).toBeGreaterThan(0);
    const batch = readFileSync(join(output, before[0] as string));
    if (mounted) execFileSync('mount', ['-o', 'remount,size=8m', folder]);
    const done = await exportOf(sources, output, { batchRows: 100 });
    expect(done.keptBatches).toBeGreaterThanOrEqual(before.length - 1);
    expect(readFileSync(join(output, before[0] as string))).toEqual(batch);
  } finally {
    if (mounted) execFileSync('umount', [folder]);
  }
});

/** A volume of 64 KiB, where this account may mount one. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
