import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CommandLine, commandLine } from './testing/command-line';

const psql = (dsn: string, sql: string): string =>
  spawnSync(path.join(process.env.PG_BIN_DIR ?? '', 'psql'), ['-XqAt', '-F', '|', '-d', dsn, '-c', sql], {
    encoding: 'utf8',
  }).stdout.trim();
function put(line: CommandLine, files: Record<string, string>): string {
  const folder = path.join(line.folder, 'store');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  return folder;
}
const to = ['--to', 'env:TARGET', '--schema', 'store'] as const;

describe('cutover run FOLDER', () => {
  it('moves a folder of JSON files, answers by --rule, and compares with the live files again', async () => {
    const line = await commandLine();
    const folder = put(line, {
      'orders.json': '[{"id":1,"total":1.10,"lines":[{"sku":"a"}]},{"id":2,"total":9007199254740993}]',
      'events.ndjson': '{"id":"e1","at":1}\n{"id":"e2","at":2}\n{"id":"e3","a',
    });
    const before = readFileSync(path.join(folder, 'events.ndjson'), 'utf8');
    const refused = await line.cutover('run', './store', ...to, '--yes');
    expect(refused.code).not.toBe(0);
    expect(refused.out).toContain('events.ndjson line 3');
    const rule = ['--rule', 'events.*.torn_tail=leave-out-rows'] as const;
    const moved = await line.cutover('run', './store', ...to, '--yes', ...rule);
    expect({ code: moved.code, err: moved.err }, moved.out).toEqual({ code: 0, err: '' });
    expect(moved.out).toContain('4 equal, 0 differing, 0 missing, 0 extra');
    expect(moved.out).toContain('4 records of 2 files read a second time');
    const { dsn } = line.database;
    expect(psql(dsn, 'select total, lines from store.orders order by id')).toBe(
      '1.10|[{"sku":"a"}]\n9007199254740993|',
    );
    expect(readFileSync(path.join(folder, 'events.ndjson'), 'utf8')).toBe(before);
    expect((await line.cutover('diff', './store', ...to)).code).toBe(0);
    writeFileSync(path.join(folder, 'events.ndjson'), before.replace('"at":2', '"at":3'));
    const differs = await line.cutover('diff', './store', ...to);
    expect(differs.code).not.toBe(0);
    expect(differs.out).toContain('events e2 differs');
    // What was staged of the live files is gone with its attempt.
    expect(readdirSync(line.home, { recursive: true, encoding: 'utf8' }).filter((name) => /live-/.test(name))).toEqual(
      [],
    );
  }, 90_000);

  it('refuses a broken file by its place, and changes nothing', async () => {
    const line = await commandLine();
    put(line, { 'orders.json': '[{"id":1},\n {"id":NaN}]' });
    const { code, out } = await line.cutover('run', './store/orders.json', ...to, '--yes');
    expect(code).not.toBe(0);
    expect(out).toContain('orders.json:2:8');
    expect(psql(line.database.dsn, "select count(*) from pg_namespace where nspname = 'store'")).toBe('0');
  }, 60_000);
});
