import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  readdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { seeded } from '@/lib/testing/seeded';
import { readSource } from '@/lib/sources/read-source';
import { copyStore, digestOf } from './copy-files';
import { eachLeftOver } from './left-over';
import { proveStaged } from './prove-staged';
import type { JsonStore, RecordSet } from './store';
import { liveStaged, takeStore, takeStoreInTurns } from './take-store';
import { atOnce } from './turns';

const whole = { sourceId: 'me', scopeColumn: null, scopeColumns: {} };

function store(files: Record<string, string>, records: RecordSet[] = []): JsonStore & { to: string; root: string } {
  const root = mkdtempSync(join(tmpdir(), 'take-store-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const path = join(root, 'data');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, allowedRoots: [root], records, to: join(root, 'staged.sqlite'), root };
}
const prove = ({ to, root }: { to: string; root: string }) =>
  proveStaged({ path: to, allowedRoots: [root] }, `${to}.files`);
const change = (file: string, sql: string) => {
  const db = new Database(file);
  const { changes } = db.prepare(sql).run();
  db.close();
  return changes;
};
const shop = {
  'goods.json':
    '[{"id":1,"price":1.10,"n":7,"ok":true,"tags":["a", "b"],"name":"Käse","any":5},\n{"id":2,"name":null,"any":"5"}]',
  'events.ndjson': '{"id":"a","at":1}\n\n{"id":"b","at":2}\n',
};

test('a copy is one state of the store: what is written meanwhile is copied again', () => {
  const one = store(shop);
  let times = 0;
  const between = () => {
    times += 1;
    if (times === 1) appendFileSync(join(one.path, 'events.ndjson'), '{"id":"c","at":3}\n');
    if (times === 2) writeFileSync(join(one.path, 'new.json'), '[]');
    if (times === 3) {
      writeFileSync(join(one.root, 'other'), shop['goods.json']);
      renameSync(join(one.root, 'other'), join(one.path, 'goods.json'));
    }
  };
  const copy = atOnce(copyStore(one.path, one.allowedRoots, one.to, between));
  expect(times).toBe(4);
  expect(copy.files.map(({ name }) => name)).toEqual(['events.ndjson', 'goods.json', 'new.json']);
  expect(readFileSync(join(one.to, 'events.ndjson'), 'utf8')).toContain('"c"');
});

test('a signal ends the staging of a large store half-way, leaves no half file, and the next one goes through', async () => {
  const lines = Array.from({ length: 15_000 }, (_, i) => `{"id":"${i}","a":${i},"b":"text ${i}","c":[${i}]}`);
  const one = store({ 'events.ndjson': `${lines.join('\n')}\n` });
  const ended = new AbortController();
  // A timer gets its turn only where the work gives it one.
  setTimeout(() => ended.abort(new Error('ended')), 0);
  await expect(takeStoreInTurns(one, one.to, ended.signal)).rejects.toThrow('ended');
  expect(readdirSync(one.root).filter((name) => name.startsWith('staged.sqlite') && !name.endsWith('.files'))).toEqual(
    [],
  );
  await takeStoreInTurns(one, one.to, new AbortController().signal);
  expect(prove(one)).toMatchObject({ records: '15000', passed: true });
});

test('a store that never stands still is refused by the name of the file, and leaves nothing', () => {
  const one = store(shop);
  const restless = () => appendFileSync(join(one.path, 'events.ndjson'), '{}\n');
  expect(() => atOnce(copyStore(one.path, one.allowedRoots, one.to, restless))).toThrow(
    expect.objectContaining({ code: 'source_changed', message: expect.stringContaining('events.ndjson was changed') }),
  );
  expect(existsSync(one.to)).toBe(false);
});

test('a refused store leaves no staging file', () => {
  const one = store({ ...shop, 'z.json': '[{"id":1' });
  expect(() => takeStore(one, one.to)).toThrow(expect.objectContaining({ code: 'source_not_json' }));
  expect(existsSync(one.to) || existsSync(`${one.to}.partial`)).toBe(false);
});

test.each([
  ['a digit after the point', "update goods set price = '1.1' where id = 1"],
  ['one integer', 'update goods set n = 8 where id = 1'],
  ['a text in its case', "update goods set name = 'KÄSE' where id = 1"],
  ['a text in its Unicode form', "update goods set name = 'Ka\u0308se' where id = 1"],
  ['true for false', 'update goods set ok = 0 where id = 1'],
  ['NULL for a value', 'update goods set n = null where id = 1'],
  ['a value for null', "update goods set name = '' where id = 2"],
  ['an element of a list', `update goods set tags = '["a", "c"]' where id = 1`],
  ['a number for a text', `update goods set cutover_json_raw_6 = '5' where id = 2`],
  ['a row that is gone', "delete from events where id = 'a'"],
  ['a row twice', "insert into events select * from events where id = 'a'"],
])('the second reading finds %s', (_, sql) => {
  const one = store(shop);
  takeStore(one, one.to);
  expect(prove(one)).toEqual({ records: '4', files: 2, differences: [], passed: true });
  expect(change(one.to, sql)).toBe(1);
  const { passed, differences } = prove(one);
  expect(passed).toBe(false);
  expect(differences.join()).toMatch(/goods\.json|events\.ndjson/);
});

test('the second reading finds a copied file that is not the one that was staged', () => {
  const one = store(shop);
  takeStore(one, one.to);
  appendFileSync(join(`${one.to}.files`, 'events.ndjson'), ' ');
  expect(prove(one).differences).toEqual(['events.ndjson: its bytes are not those that were staged']);
});

test('generated stores of every kind of value are staged as they are, by both readings', () => {
  const random = seeded('stores');
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const scalar = () =>
    pick([
      () => 'null',
      () => 'true',
      () => 'false',
      () => String(Math.floor(random() * 1e6)),
      () => '-9223372036854775808',
      () => '9223372036854775808',
      () => '1.10',
      () => '-0',
      () => '1E+2',
      () => '5e-324',
      () => `${random()}`,
      () => '""',
      () => '"a\\u0000b"',
      () => '"\\ud800"',
      () => '"\\ud83d\\ude00é"',
      () => '"\\\\u0041\\/"',
      () => '"\\u00e9"',
    ])();
  const value = (depth: number): string =>
    depth && random() < 0.3
      ? random() < 0.5
        ? `[${Array.from({ length: Math.floor(random() * 3) }, () => value(depth - 1)).join(' , ')}]`
        : `{${['k', '10', 'é', '__proto__']
            .slice(0, Math.floor(random() * 4))
            .map((key) => `"${key}": ${value(depth - 1)}`)
            .join(',')}}`
      : scalar();
  for (let round = 0; round < 30; round += 1) {
    const keys = ['id', 'Id', 'a', 'b', '__proto__', 'rowid', '', 'x"y', 'é', 'value'];
    const list = Array.from({ length: 20 }, () =>
      random() < 0.1
        ? value(2)
        : `{${keys
            .filter(() => random() < 0.6)
            .map((key) => `${JSON.stringify(key)}:${value(2)}`)
            .join(', ')}}`,
    );
    const map = `{${list.map((one, i) => `"k${i}" : ${one}`).join(',\n')}}`;
    const files = {
      'a.json': `[${list.join(',\n')}]`,
      'b.ndjson': list.map((text) => `${text}\n`).join(''),
      'c.json': map,
      'd.json': `{"l":[${list}]}`,
    };
    const one = store(files, [
      { table: 'a', files: 'a.json', format: 'array', columns: 'auto' },
      { table: 'b', files: 'b.ndjson', format: 'ndjson', columns: 'auto' },
      { table: 'c', files: 'c.json', format: 'object-map', name_column: 'key', columns: 'auto' },
      { table: 'd', files: 'd.json', format: 'object-of-arrays', pointer: '/l', columns: 'auto' },
    ]);
    takeStore(one, one.to);
    expect(prove(one).differences).toEqual([]);
    expect(prove(one).records).toBe('80');
  }
});

test('a live store is staged again when a file of it has changed, and only then', () => {
  const one = store(shop);
  const first = liveStaged(one, one.root);
  expect(liveStaged(one, one.root).path).toBe(first.path);
  appendFileSync(join(one.path, 'events.ndjson'), '{"id":"c","at":3}\n');
  expect(liveStaged(one, one.root).path).not.toBe(first.path);
});

test('columns by pointer: what no column reads is told, nested values come out of their place, a whole record is kept as it is', () => {
  const record = '{"id":"x","in":{"deep":1.50},"more":1,"a/b":2}';
  const set: RecordSet = {
    table: 'commands',
    files: 'c.ndjson',
    format: 'ndjson',
    key: 'command_id',
    columns: { command_id: { pointer: '/id' }, deep: { pointer: '/in/deep' }, slash: { pointer: '/a~1b' } },
  };
  const one = store({ 'c.ndjson': `${record}\n` }, [set]);
  takeStore(one, one.to);
  expect(prove(one).differences).toEqual([]);
  const { tables, stagedFindings } = readSource({ path: one.to, allowedRoots: [one.root] }, whole);
  expect(tables[0]).toMatchObject({ name: 'commands', primaryKey: ['command_id'] });
  expect(stagedFindings?.map(({ code, column }) => [code, column])).toEqual([['member_not_read', 'more']]);
  const all = store({ 'c.ndjson': `${record}\n` }, [
    { ...set, columns: { ...(set.columns as object), json: { pointer: '', type: 'json' } } },
  ]);
  takeStore(all, all.to);
  const db = new Database(all.to, { readonly: true });
  expect(db.prepare('select deep, slash, json from commands').raw().all()).toEqual([['1.50', 2, record]]);
  db.close();
  expect(readSource({ path: all.to, allowedRoots: [all.root] }, whole).stagedFindings).toEqual([]);
});

test('a key takes the column’s name, a log keeps its order as a column, and a file that stays is told and not staged', () => {
  const one: JsonStore & { to: string; root: string } = {
    ...store(
      {
        'log.ndjson': '{"id":"b","metadata":{"z":1}}\n{torn\n{"id":"a","metadata":null}\n',
        'state/now.json': '{"a":1}',
      },
      [
        {
          table: 'log',
          files: 'log.ndjson',
          format: 'ndjson',
          columns: 'auto',
          fields: { metadata: 'metadata_json' },
          position_column: 'place',
        },
      ],
    ),
    stays: ['state/*'],
  };
  takeStore(one, one.to);
  expect(prove(one).differences).toEqual([]);
  const db = new Database(one.to, { readonly: true });
  expect(db.prepare('select place, id, metadata_json from log order by place').raw().all()).toEqual([
    [1, 'b', '{"z":1}'],
    [2, 'a', null],
  ]);
  db.close();
  const { stagedFindings } = readSource({ path: one.to, allowedRoots: [one.root] }, whole);
  expect(stagedFindings?.map(({ code, table }) => [code, table])).toEqual([
    ['file_stays', 'state/now.json'],
    ['line_not_json', 'log'],
  ]);
});

test('every broken file of a store is named at once, each by its place', () => {
  const one = store({ ...shop, 'a.json': '[{"id":1},{"id":NaN}]', 'm.json': '[]', 'z.json': '[{"id":1' }, [
    { table: 'goods', files: '*.json', format: 'array', columns: 'auto' },
    { table: 'events', files: 'events.ndjson', format: 'ndjson', columns: 'auto' },
  ]);
  expect(() => takeStore(one, one.to)).toThrow(
    expect.objectContaining({
      code: 'source_not_json',
      message: expect.stringMatching(/^2 files cannot be read\. a\.json:1:\d+: .*z\.json ends at 1:8/),
      facts: expect.objectContaining({ files: ['a.json', 'z.json'] }),
    }),
  );
});

test('what stands between records is looked at piece by piece, over the edges of the pieces too', () => {
  const root = mkdtempSync(join(tmpdir(), 'left-over-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const file = join(root, 'records');
  const record = `{"t":"${'x'.repeat(700)}"}`;
  const text = `[\n${Array.from({ length: 9000 }, (_, i) => (i === 4000 ? `${' '.repeat(3_000_000)}${record}` : record)).join(',\n')}]\n`;
  const spans: [bigint, bigint][] = [];
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1))
    spans.push([BigInt(at), BigInt(record.length)]);
  const told = (content: string, over = spans) => {
    writeFileSync(file, content);
    const found: string[] = [];
    eachLeftOver(file, 'list', over, (from, to) => found.push(content.slice(from, to)));
    return found;
  };
  expect(told(text)).toEqual([]);
  const [odd = 0, last = 0] = [Number(spans[8000]?.[0]) - 1, text.length - 1];
  expect(told(`${text.slice(0, odd)}7${text.slice(odd + 1)}`)).toEqual([',7']);
  expect(told(`${text.slice(0, last)}9`)).toEqual([']9']);
  expect(told(text, spans.toSpliced(5000, 1))).toEqual([`,\n${record},\n`]);
  expect(told(text.slice(0, -3))).toHaveLength(1);
});

test('a proven staging file serves again while every byte of the store, its own and the settings are the same', () => {
  const one = store(shop);
  takeStore(one, one.to);
  const known = [{ path: one.to, sha256: digestOf(one.to) }];
  const served = (from = one, copies = known) => {
    const folder = mkdtempSync(join(one.root, 'live-'));
    const { path } = liveStaged(from, folder, copies);
    return path === one.to;
  };
  const events = join(one.path, 'events.ndjson');
  const before = readFileSync(events, 'utf8');
  expect(served()).toBe(true);
  // Written again with the same bytes, under another time: still the same store.
  writeFileSync(events, before);
  expect(served()).toBe(true);
  writeFileSync(events, before.replace('"at":2', '"at":3'));
  const { mtime } = statSync(join(one.path, 'goods.json'));
  utimesSync(events, mtime, mtime);
  expect(served()).toBe(false);
  writeFileSync(events, before);
  writeFileSync(join(one.path, 'new.json'), '[]');
  expect(served()).toBe(false);
  rmSync(join(one.path, 'new.json'));
  expect(served({ ...one, stays: ['events.*'] })).toBe(false);
  expect(served(one, [{ path: one.to, sha256: digestOf(events) }])).toBe(false);
  expect(served()).toBe(true);
});
