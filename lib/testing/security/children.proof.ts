import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findPgTools, snapshotTarget, targetPlace } from '@/lib/dataplane';
import { endProcess, spawnDetached } from '@/lib/services/managed-process';
import { fixture } from '@/lib/testing/dataplane-fixture';
import { tempDir } from '@/lib/testing/databases';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
};
/** Processes that this one has started, with what the whole machine may read of them. */
const children = (): { command: string; all: string }[] =>
  readdirSync('/proc/self/task')
    .flatMap((task) => read(`/proc/self/task/${task}/children`).split(' ').filter(Boolean))
    .map((pid) => {
      const command = read(`/proc/${pid}/cmdline`);
      return { command, all: `${command} ${read(`/proc/${pid}/environ`)}` };
    });

it('while a dump runs, no password is in the arguments or the environment of any child', async () => {
  const f = await fixture('argv', {
    sqlite: 'create table t (id integer)',
    target:
      "create table t (id int8, x text); insert into t select i, repeat('x', 200) from generate_series(1, 200000) i",
  });
  const { password } = new URL(f.database.dsn);
  expect(password.length).toBeGreaterThan(6);
  let dumps = 0;
  const seen: string[] = [];
  const timer = setInterval(() => {
    for (const { command, all } of children()) {
      if (command.includes('pg_dump')) dumps += 1;
      if (all.includes(password)) seen.push(command);
    }
  }, 1);
  const tools = await findPgTools();
  const place = targetPlace(f.database.dsn, 'me', { schema: 'p' });
  await snapshotTarget({
    place,
    dir: join(f.dir, 'snapshot'),
    tools,
    signal: new AbortController().signal,
  });
  clearInterval(timer);
  expect(dumps).toBeGreaterThan(5);
  expect(seen).toEqual([]);
}, 60_000);

it('arguments of a command are words, whatever a shell would make of them', async () => {
  const folder = tempDir('words');
  const canary = join(folder, 'canary');
  const given = [
    `;touch ${canary}`,
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `| touch ${canary}`,
    `&& touch ${canary}`,
    '--flag',
    'a\nb',
    '../x',
    '$HOME',
    '*',
  ];
  const outFile = join(folder, 'out.log');
  const script = "process.stdout.write(JSON.stringify(process.argv.slice(1)) + '\\n'); setInterval(() => {}, 1000)";
  const started = await spawnDetached({
    argv: [process.execPath, '-e', script, '--', ...given],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    outFile,
    name: 'words',
    onSpawn: () => undefined,
  });
  try {
    await expect.poll(() => read(outFile)).toContain('\n');
    expect(JSON.parse(read(outFile).split('\n')[0] ?? '[]')).toEqual(given);
    expect(existsSync(canary)).toBe(false);
  } finally {
    await endProcess(started.pid, started.birth, 1);
  }
});

it('no code of the product asks for a shell', () => {
  const files = ['lib', 'app', 'db']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.|\.proof\.|testing/.test(name));
  expect(files.length).toBeGreaterThan(300);
  const asking = files.filter((file) => /shell:\s*true|\bexecSync\(|[^.\w]exec\(|['"]\/bin\/sh['"]/.test(read(file)));
  expect(asking).toEqual([]);
});
