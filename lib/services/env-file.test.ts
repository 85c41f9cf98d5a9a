import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { changeEnvText, parseEnv, readEnvFile, restoreEnvText, writeEnvFile } from './env-file';

const text =
  '# sx\r\nexport SX_DB_BACKEND_MODE="SQLITE"\r\n\n  OTHER = kept # why\nSX_MAINTENANCE=old\n# SX_MAINTENANCE=no\nSX_MAINTENANCE=new\n';
const service = (file: string): ServiceEntry =>
  ({ name: 'sx', env_file: file, env_allow: ['SX_DB_BACKEND_MODE', 'SX_MAINTENANCE'] }) as unknown as ServiceEntry;

describe('env file', () => {
  it('reads values as a service would: last one wins, quotes and comments off', () => {
    expect(parseEnv(text)).toEqual({ SX_DB_BACKEND_MODE: 'SQLITE', OTHER: 'kept', SX_MAINTENANCE: 'new' });
    expect(parseEnv('A="a # b"\nB=c#d\nC=\n')).toEqual({ A: 'a # b', B: 'c#d', C: '' });
  });

  it('changes one value and keeps every other byte', () => {
    expect(changeEnvText(text, { SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY' })).toBe(
      text.replace('"SQLITE"', 'POSTGRES_PRIMARY'),
    );
    expect(changeEnvText(text, { SX_DB_BACKEND_MODE: 'SQLITE' })).toBe(text);
  });

  it('gives the first text back after a value was added and taken away, with and without a last line end', () => {
    for (const first of ['A=1\n', 'A=1', '']) {
      const added = changeEnvText(first, { HELD: 'x' });
      expect(parseEnv(added).HELD).toBe('x');
      expect(parseEnv(changeEnvText(added, { HELD: null }))).toEqual(parseEnv(first));
    }
    expect(changeEnvText(changeEnvText('A=1\n', { HELD: 'x' }), { HELD: null })).toBe('A=1\n');
  });

  it('keeps the mode, writes through a link to the file itself, and leaves no temporary file', async () => {
    const folder = tempDir('env');
    const real = path.join(folder, 'real.env');
    writeFileSync(real, text);
    chmodSync(real, 0o640);
    const link = path.join(folder, 'link.env');
    symlinkSync(real, link);
    const { before, after } = await writeEnvFile(service(link), {
      SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY',
      SX_MAINTENANCE: null,
    });
    expect(parseEnv(readFileSync(real, 'utf8'))).toEqual({ SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY', OTHER: 'kept' });
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['link.env', 'real.env']);
    expect(before.digest).not.toBe(after.digest);
    await restoreEnvText(service(link), before.text);
    expect(readFileSync(real, 'utf8')).toBe(text);
  });

  it('refuses a name outside the allow-list and a value that would begin a second line, and changes nothing', async () => {
    const file = path.join(tempDir('env'), 'a.env');
    writeFileSync(file, text);
    await expect(writeEnvFile(service(file), { LD_PRELOAD: '/x.so' })).rejects.toMatchObject({
      code: 'env_key_forbidden',
    });
    for (const value of ['a\nLD_PRELOAD=/x.so', 'a\0b', 'a\rb', '$(id)', '"']) {
      await expect(writeEnvFile(service(file), { SX_MAINTENANCE: value })).rejects.toMatchObject({
        code: 'env_file_invalid',
      });
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(() => readEnvFile(path.join(path.dirname(file), 'none.env'))).toThrow(/cannot be read/);
  });

  it('keeps every byte of the old file when the disk takes no new one, and says so', () => {
    const folder = tempDir('full');
    const file = path.join(folder, 'a.env');
    writeFileSync(file, text);
    // A limit of 0 bytes stands for a full disk: it needs neither root nor a disk to fill.
    const script = `const { writeEnvFile } = await import(${JSON.stringify(path.resolve('lib/services/env-file.ts'))});
      const entry = { name: 'sx', env_file: ${JSON.stringify(file)}, env_allow: ['SX_MAINTENANCE'] };
      await writeEnvFile(entry, { SX_MAINTENANCE: 'x' }).catch(({ code, message }) => console.error(code, message));`;
    const argv = ['--import', 'tsx', '--input-type=module', '-e', script];
    const limited = ['-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath, ...argv];
    const { stderr } = spawnSync('sh', limited, { encoding: 'utf8' });
    expect(stderr).toContain(`disk_full ${file} cannot be written`);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['a.env']);
  });
});
