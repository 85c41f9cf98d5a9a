import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeLock } from '@/lib/launcher/lock.mjs';
import { birthOf, end, identify, isAlive, self } from '@/lib/launcher/process-birth.mjs';
import { tempDir } from '@/lib/testing/databases';

const lockModule = join(process.cwd(), 'lib/launcher/lock.mjs');
/** A process that tries the lock once, says who holds it, and lives until its input closes. */
const contender = (path: string) =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
    import { takeLock } from ${JSON.stringify(lockModule)};
    const { holder } = takeLock(${JSON.stringify(path)});
    console.log(holder ? 'held' : 'mine');
    process.stdin.resume(); process.stdin.on('end', () => process.exit(0));`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );

const firstLine = (child: ReturnType<typeof contender>) =>
  new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));

it('is held by one process, whose pid and birth it names', () => {
  const path = join(tempDir('lock'), 'l');
  const lock = takeLock(path);
  expect(lock.holder).toBeNull();
  expect(takeLock(path).holder).toEqual(self());
  lock.release?.();
  expect(existsSync(path)).toBe(false);
});

it('goes to exactly one of eight that find the lock of a dead process', async () => {
  const path = join(tempDir('lock'), 'l');
  writeFileSync(path, JSON.stringify({ pid: process.pid, birth: 'another life of this pid' }));
  const children = Array.from({ length: 8 }, () => contender(path));
  const answers = await Promise.all(children.map(firstLine));
  expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
  const winner = children[answers.indexOf('mine')];
  expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(winner?.pid);
  for (const child of children) child.stdin.end();
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
  expect(readdirSync(join(path, '..'))).toEqual(['l']);
});

it('takes over from a holder that was killed', async () => {
  const path = join(tempDir('lock'), 'l');
  const holder = contender(path);
  expect(await firstLine(holder)).toBe('mine');
  expect(takeLock(path).holder?.pid).toBe(holder.pid);
  holder.kill('SIGKILL');
  await new Promise((resolve) => holder.once('exit', resolve));
  expect(takeLock(path).holder).toBeNull();
});

it('tells a process from a later one with the same pid', () => {
  expect(isAlive(self())).toBe(true);
  expect(isAlive({ pid: process.pid, birth: 'earlier' })).toBe(false);
  expect(birthOf(0)).toBeNull();
});

it('ends a process that ignores the polite signal', async () => {
  const child = spawn(
    process.execPath,
    ['-e', "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const record = identify(child.pid);
  await end(record, { graceSeconds: 0.3 });
  expect(isAlive(record)).toBe(false);
});
