import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { liftFileFence, readFileFence, takeFileFence } from './fence-files';
import type { JsonStore } from './store';

const files = { 'orders/open.json': '[]', 'orders/log.ndjson': '{}\n', 'state/sessions.json': '{}' };

function makeStore(): { store: JsonStore; record: string; at(name: string): string; modes(): number[] } {
  const root = mkdtempSync(join(tmpdir(), 'fence-'));
  chmodSync(root, 0o755);
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const path = join(root, 'data');
  const at = (name: string) => join(path, name);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(at(name)), { recursive: true, mode: 0o777 });
    writeFileSync(at(name), content);
    chmodSync(at(name), 0o666);
    chmodSync(dirname(at(name)), 0o777);
  }
  chmodSync(at('orders/open.json'), 0o640);
  const modes = () => [...Object.keys(files), 'orders', 'state'].map((name) => statSync(at(name)).mode & 0o777);
  const store = { path, allowedRoots: [root], records: [], stays: ['state/*'] };
  return { store, record: join(root, 'fence.json'), at, modes };
}

it('takes the right to write, but for what stays, and gives every file and folder its own mode back', () => {
  const { store, record, modes } = makeStore();
  const before = modes();
  expect(readFileFence(store, record).state).toBe('absent');
  expect(takeFileFence(store, record)).toMatchObject({
    state: 'complete',
    files: ['orders/log.ndjson', 'orders/open.json'],
  });
  expect(modes()).toEqual([0o440, 0o444, 0o666, 0o555, 0o777]);
  // Once more, as after a kill: the modes on record are those from before, not those of the fence.
  expect(takeFileFence(store, record).state).toBe('complete');
  expect(liftFileFence(store, record).state).toBe('absent');
  expect([modes(), liftFileFence(store, record).state]).toEqual([before, 'absent']);
});

it('finds by name what was written, made or taken away in spite of it', () => {
  const { store, record, at } = makeStore();
  takeFileFence(store, record);
  chmodSync(at('orders'), 0o777);
  chmodSync(at('orders/log.ndjson'), 0o666);
  writeFileSync(at('orders/log.ndjson'), '{}\n{}\n');
  writeFileSync(at('orders/new.json'), '[]');
  rmSync(at('orders/open.json'));
  expect(readFileFence(store, record)).toMatchObject({
    state: 'partial',
    problems: [
      'orders/log.ndjson was written since the fence',
      'orders/open.json is gone',
      'orders/new.json was made since the fence',
    ],
  });
});

it.runIf(process.getuid?.() === 0)('stops every account but the administrator’s', () => {
  const { store, record, at } = makeStore();
  const append = (name: string) =>
    spawnSync('/bin/sh', ['-c', `echo x >> ${at(name)}`], { uid: 65534, gid: 65534 }).status;
  expect(append('orders/log.ndjson')).toBe(0);
  takeFileFence(store, record);
  expect([append('orders/log.ndjson') === 0, append('orders/new.json') === 0, append('state/sessions.json')]).toEqual([
    false,
    false,
    0,
  ]);
});
