import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonTrial, shapeOf } from '@/e2e/fixtures/bad-inputs/support/json-trial';
import { Stand } from '@/e2e/fixtures/bad-inputs/support/stand';
import type { JsonStore } from '@/lib/dataplane';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.open();
});
afterAll(() => stand.close());

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const command = (n: number): string =>
  `{"command_id":"${id(n)}","name":"owner.command.create","tenant_id":"t1","correlation_id":"${id(900)}","trace_id":null,"created_at":"2026-11-20T10:00:0${n}.123Z","payload":{"z":1,"10":2.50,"text":"Olá \\u00e9"}}`;
const queueItem = (n: number, status: string): string =>
  `{"queue_item_id":"${id(n)}","status":"${status}","enqueued_at":"2026-11-20T10:00:00Z","simulate_failure":${n % 2 === 0},"error_code":null,"command":{"b":${n},"a":[1.0, 2e3]}}`;

/** The layout of a file-backed orchestration: append-only lines beside files that are rewritten as a whole. */
const files = {
  'orchestration/commands.ndjson': [1, 2, 3].map((n) => `${command(n)}\n`).join(''),
  'orchestration/module-task-queue.json': `{"pending":[${queueItem(11, 'pending')}],"history":[${queueItem(12, 'done')},${queueItem(13, 'failed')}]}`,
  'billing/charges.json': `[{"id":"${id(21)}","tenant_id":"t1","amount":1999.90,"currency":"BRL","due":"2026-12-01"},{"id":"${id(22)}","tenant_id":"t1","amount":0.10,"currency":"BRL","due":null}]`,
};
const records: JsonStore['records'] = [
  {
    table: 'orchestration_commands',
    files: 'orchestration/commands.ndjson',
    format: 'ndjson',
    key: 'command_id',
    columns: {
      command_id: { pointer: '/command_id' },
      name: { pointer: '/name' },
      tenant_id: { pointer: '/tenant_id' },
      correlation_id: { pointer: '/correlation_id' },
      trace_id: { pointer: '/trace_id' },
      created_at: { pointer: '/created_at' },
      command_json: { pointer: '', type: 'json' },
    },
  },
  {
    table: 'orchestration_module_task_queue',
    files: 'orchestration/module-task-queue.json',
    format: 'object-of-arrays',
    pointer: ['/pending', '/history'],
    key: 'queue_item_id',
    columns: {
      queue_item_id: { pointer: '/queue_item_id' },
      status: { pointer: '/status' },
      enqueued_at: { pointer: '/enqueued_at' },
      simulate_failure: { pointer: '/simulate_failure' },
      error_code: { pointer: '/error_code' },
      command_json: { pointer: '/command' },
    },
  },
  { table: 'billing_charges', files: 'billing/charges.json', format: 'array', columns: 'auto' },
];
const contract = `
create table orchestration_commands (id bigserial, command_id uuid unique not null, name text not null, tenant_id text not null,
  correlation_id uuid not null, trace_id text, created_at timestamptz not null, command_json jsonb not null);
create table orchestration_module_task_queue (queue_item_id uuid primary key, status text not null, enqueued_at timestamptz not null,
  simulate_failure boolean not null, error_code text, command_json jsonb not null);
create table billing_charges (id uuid primary key, tenant_id text not null, amount numeric(14,2) not null, currency char(3) not null, due date)`;

test('a store of files goes into the tables its application expects: uuid, timestamptz, boolean, numeric, jsonb', async () => {
  const trial = await jsonTrial(stand, 'fabio', files, { target: contract, records });
  expect((await trial.findings()).filter(({ blocking }) => blocking)).toEqual([]);
  await trial.load();
  expect(await trial.diff()).toMatchObject({ equal: '8', differing: '0', missing: '0', extra: '0' });
  expect(trial.psql('select command_id, created_at, command_json from orchestration_commands order by 1')[0]).toBe(
    `${id(1)}|2026-11-20 10:00:01.123+00|{"name": "owner.command.create", "payload": {"z": 1, "10": 2.50, "text": "Olá é"}, "trace_id": null, "tenant_id": "t1", "command_id": "${id(1)}", "created_at": "2026-11-20T10:00:01.123Z", "correlation_id": "${id(900)}"}`,
  );
  expect(
    trial.psql('select status, simulate_failure, command_json from orchestration_module_task_queue order by 1'),
  ).toEqual([
    'done|t|{"a": [1.0, 2000], "b": 12}',
    'failed|f|{"a": [1.0, 2000], "b": 13}',
    'pending|f|{"a": [1.0, 2000], "b": 11}',
  ]);
  expect(trial.psql('select amount, currency, due from billing_charges order by amount')).toEqual([
    '0.10|BRL|∅',
    '1999.90|BRL|2026-12-01',
  ]);
  expect((await trial.check()).passed).toBe(true);
  trial.psql(
    `update orchestration_commands set command_json = jsonb_set(command_json, '{payload,10}', '2.51') where command_id = '${id(2)}'`,
  );
  expect(await trial.diff()).toMatchObject({ equal: '7', differing: '1' });
});

test('the same store without tables to expect becomes tables of its own, every value as it is written', async () => {
  const trial = await jsonTrial(stand, 'fabio-designed', files);
  expect((await trial.findings()).map(shapeOf)).toEqual([
    { key: 'commands.*.no_primary_key', count: 1, sample: [], rules: expect.arrayContaining(['no-key']) },
    {
      key: 'module-task-queue_history.*.no_primary_key',
      count: 1,
      sample: [],
      rules: expect.arrayContaining(['no-key']),
    },
    {
      key: 'module-task-queue_pending.*.no_primary_key',
      count: 1,
      sample: [],
      rules: expect.arrayContaining(['no-key']),
    },
  ]);
  expect((await trial.findings())[0]?.message).toMatch(/^The records of commands .*their place in the file/);
  const rules = Object.fromEntries((await trial.findings()).map(({ key }) => [key, 'no-key']));
  await trial.load(rules);
  expect(await trial.diff(rules)).toMatchObject({
    equal: '8',
    differing: '0',
    missing: '0',
    extra: '0',
    notCompared: [],
  });
  expect(trial.psql('select payload from commands limit 1')).toEqual(['{"z":1,"10":2.50,"text":"Olá \\u00e9"}']);
  expect(trial.psql('select amount from charges order by 1')).toEqual(['0.10', '1999.90']);
});

test('what does not fit the application’s tables is a finding with file and line', async () => {
  const text = files['orchestration/commands.ndjson']
    .replace('2026-11-20T10:00:02.123Z', '20 Nov')
    .replace(id(3), 'none');
  const trial = await jsonTrial(
    stand,
    'fabio-bad',
    { ...files, 'orchestration/commands.ndjson': text },
    { target: contract, records },
  );
  const blocking = (await trial.findings()).filter((one) => one.blocking);
  expect(blocking.map(({ key, message }) => [key, message.match(/The first is at .*$/)?.[0]]).sort()).toEqual([
    ['orchestration_commands.command_id.bad_value', 'The first is at orchestration/commands.ndjson:3.'],
    ['orchestration_commands.created_at.not_a_time', 'The first is at orchestration/commands.ndjson:2.'],
  ]);
  await expect(trial.load()).rejects.toMatchObject({ code: 'finding_open' });
});

test('a rule that keeps the most frequent kind of a mixed column leaves that kind as it is, and nothing else changes', async () => {
  const lines = ['"plain"', '"two"', '[1]', '"x"'].map((a, i) => `{"id":${i + 1},"a":${a}}`).join(',');
  const rule = { 'u.a.types_differ': 'set-null' };
  const trial = await jsonTrial(stand, 'most', { 'u.json': `[${lines}]` });
  await trial.load(rule);
  expect(trial.psql('select a from u order by id')).toEqual(['plain', 'two', '∅', 'x']);
  expect(await trial.diff(rule)).toMatchObject({ equal: '4', differing: '0', missing: '0', extra: '0' });
  const numbers =
    '[{"id":1,"n":1.10},{"id":2,"n":3},{"id":3,"n":"x"},{"id":4,"f":true,"n":2},{"id":5,"f":false},{"id":6,"f":7}]';
  const more = { 'v.n.types_differ': 'set-null', 'v.f.types_differ': 'set-null' };
  const other = await jsonTrial(stand, 'most-numbers', { 'v.json': numbers });
  await other.load(more);
  expect(other.psql('select n, f, pg_typeof(n), pg_typeof(f) from v order by id limit 1')).toEqual([
    '1.10|∅|numeric|boolean',
  ]);
  expect(other.psql('select n, f from v order by id offset 1')).toEqual(['3|∅', '∅|∅', '2|t', '∅|f', '∅|∅']);
  expect(await other.diff(more)).toMatchObject({ equal: '6', differing: '0' });
  const bad = await jsonTrial(stand, 'most-bad', {
    'w.json': '[{"id":1,"a":"\\ud800"},{"id":2,"a":"\\u0000"},{"id":3,"a":1}]',
  });
  const raised = await bad.findings({ 'w.a.types_differ': 'set-null' });
  expect(raised.map(({ key, count }) => `${key} ${count}`).sort()).toEqual([
    'w.a.lone_surrogate 1',
    'w.a.nul_in_text 1',
    'w.a.types_differ 1',
  ]);
});

test('a zero with a sign beside numbers that no double holds can be kept as text, every digit of it', async () => {
  const trial = await jsonTrial(stand, 'signed', {
    'z.json': '[{"id":1,"n":-0},{"id":2,"n":123456789012345678901234567890},{"id":3,"n":1e400}]',
  });
  const key = 'z.n.negative_zero';
  expect((await trial.findings()).find((one) => one.key === key)?.rules.map(({ name }) => name)).toContain(
    'widen-to-text',
  );
  await trial.load({ [key]: 'widen-to-text' });
  expect(trial.psql('select n from z order by id')).toEqual(['-0', '123456789012345678901234567890', '1e400']);
  expect(await trial.diff({ [key]: 'widen-to-text' })).toMatchObject({ equal: '3', differing: '0' });
});
