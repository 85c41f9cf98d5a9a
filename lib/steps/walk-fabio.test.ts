import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateStore } from '@/e2e/fleet/fabio/generate.mjs';
import { postgresRows } from '@/e2e/fleet/fabio/fixture';
import { callService } from '@/lib/services/http';
import { expectCriteria } from '@/lib/testing/criteria';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { runAllOf } from '@/lib/testing/run-all';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';
import { rollback, switching } from '@/lib/testing/walk-steps';

const prepare = [
  'preflight',
  'isolated-smoke',
  'auto-migrate-check',
  'snapshot-source',
  'snapshot-target',
  'baseline',
  'bootstrap',
  'import',
  'row-diff',
  'smoke',
  'split-state',
];

describe('a whole cutover of a store of files and back, without the engine', () => {
  let demo: DemoFleet;
  let walk: Walk;
  let envBefore: string;
  let modesBefore: unknown;
  const folder = () => path.join(demo.home, 'fleet/data/fabio/filial');
  const modes = () =>
    readdirSync(folder(), { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, statSync(path.join(folder(), name)).mode]);
  const target = async (sql: string) =>
    postgresRows(
      demo.secret('ORCHESTRATION_PG_DSN'),
      sql.replace(/\b(events|commands)\b/, 'fabio_filial.orchestration_$1'),
    );
  const say = (text: string) =>
    callService(walk.ctx(walk.stepOf('freeze').entry).services[0]?.instances[0] ?? '', {
      method: 'POST',
      path: '/v1/owner-concierge/interaction',
      json: {
        request: {
          request_id: randomUUID(),
          tenant_id: 'walk',
          session_id: randomUUID(),
          operation: 'send_message',
          channel: 'ui-chat',
          payload: { text },
        },
      },
    });
  const runAll = runAllOf(() => walk);

  beforeAll(async () => {
    demo = await openDemoFleet(['fabio/filial'], ['fabio']);
    walk = openWalk({ ...demo, system: 'fabio', sourceId: 'filial' });
    envBefore = demo.envText('fabio-filial');
    modesBefore = modes();
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  runAll(prepare);

  it('smokes in a database of its own on the target server as well, and drops it', async () => {
    const params = { on: 'shadow', target: 'scratch', scratch: { on: 'target' }, flow: 'isolated-smoke' };
    const { entry, kind } = walk.stepOf('isolated-smoke');
    const ctx = walk.ctx({ ...entry, id: 'scratch-database', params });
    const parsed = kind.params.parse(params);
    await kind.run(ctx, parsed);
    expect(notPassed(await kind.check(ctx, parsed))).toEqual([]);
    const left = "select datname from pg_database where datname like 'cutover_scratch%'";
    expect(await postgresRows(demo.secret('ORCHESTRATION_PG_DSN'), left)).toEqual([]);
    expect(walk.log.filter((line) => line.includes('cutover_scratch_')).length).toBeGreaterThan(0);
  }, 60_000);

  it('tells what the service does in spite of its variable, and which tables its baseline SQL does not know', () => {
    expect(walk.findings.filter(({ code }) => code === 'service_differs').map(({ message }) => message)).toEqual([
      expect.stringContaining('ORCHESTRATION_PG_AUTO_MIGRATE=false has no effect'),
      expect.stringContaining('crm_conversations and crm_messages'),
    ]);
    // Not "ok" and "no" in one line: what holds instead is told as such.
    expect(walk.log).toContainEqual(
      expect.stringMatching(/^auto-migrate-check info \[FINDING\] ORCHESTRATION_PG_AUTO_MIGRATE=false has no effect/),
    );
    expect(walk.log.join()).not.toContain(': no. ');
  });

  it('keeps the order of the log as the order of its ids, and every record whole', async () => {
    const lines = readFileSync(path.join(folder(), 'orchestration/events.ndjson'), 'utf8').trim().split('\n');
    const rows = await target('select id::int as id, event_id, event_json from events order by id');
    expect(rows.map(({ id }) => id)).toEqual(lines.map((_, at) => at + 1));
    expect(rows.map(({ event_json: json }) => json)).toEqual(lines.map((line) => JSON.parse(line) as unknown));
  });

  it('takes an interaction after the snapshot, which the target does not have yet', async () => {
    expect((await say('agenda para depois da copia')).status).toBe(200);
  });

  runAll(switching);

  it('has moved the late interaction, and its file has lost the right to be written', async () => {
    const [found] = await target(
      "select count(*)::int as n from commands where command_json::text like '%depois da copia%'",
    );
    expect(found?.n).toBe(2);
    expect(statSync(path.join(folder(), 'orchestration/events.ndjson')).mode & 0o222).toBe(0);
    expect(statSync(path.join(folder(), 'owner-short-memory/sessions.json')).mode & 0o200).toBe(0o200);
  });

  runAll(['live-operations', 'log-scan']);

  it('finds a write that was made to a fenced file in spite of it', async () => {
    const file = path.join(folder(), 'crm/leads.json');
    const before = readFileSync(file);
    chmodSync(file, 0o644);
    writeFileSync(file, '[]');
    expect(notPassed(await walk.run('live-operations')).join()).toContain('crm/leads.json was written since the fence');
    writeFileSync(file, before);
    chmodSync(file, 0o444);
  });

  it('says what a rollback would drop: what was written since the switch', async () => {
    expect((await say('agenda no postgres')).status).toBe(200);
    const { entry, kind, params } = walk.stepOf('rollback-switch');
    const { loss } = await kind.plan(walk.ctx(entry), params);
    expect(loss && [loss.differing, loss.missing, loss.extra]).toEqual(['0', '0', '5']);
  });

  runAll(rollback);

  it('has proved every success criterion of the seed', () => expectCriteria(walk));

  it('is back on files with env file and modes as they were, and takes writes', async () => {
    expect(demo.envText('fabio-filial')).toBe(envBefore);
    expect(modes()).toEqual(modesBefore);
    expect((await say('agenda de novo no arquivo')).status).toBe(200);
  });

  it('checks the files again and leaves every customer as it was, byte for byte', async () => {
    const customers = () => readFileSync(path.join(folder(), 'customers/customers.json'), 'utf8');
    const before = customers();
    expect(notPassed(await walk.run('rollback-smoke'))).toEqual([]);
    expect(customers()).toBe(before);
  });

  runAll(['close']);
});

describe('a store whose tables stand in a schema that others use too', () => {
  let demo: DemoFleet;
  let walk: Walk;
  const dsn = () => demo.secret('ORCHESTRATION_PG_DSN');
  const neighbour = () =>
    postgresRows(
      dsn(),
      `select 'row ' || id || note as line from public.neighbour_app
       union all select 'table ' || relname || relnamespace::regnamespace from pg_class where relname like 'neighbour%' order by 1`,
    );
  const tables = async () =>
    (
      await postgresRows(
        dsn(),
        "select relnamespace::regnamespace::text as n, count(*)::int as c from pg_class where relkind = 'r' and relname = 'customers' group by 1",
      )
    ).map(({ n }) => n);

  beforeAll(async () => {
    demo = await openDemoFleet(['fabio/matriz'], ['fabio']);
    walk = openWalk({ ...demo, system: 'fabio', sourceId: 'matriz' });
    await postgresRows(dsn(), 'create table public.neighbour_app (id serial primary key, note text)');
    await postgresRows(dsn(), "insert into public.neighbour_app (note) values ('stays')");
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('snapshots and loads its own tables, and equals the contract beside a table of somebody else', async () => {
    for (const id of ['preflight', 'snapshot-source', 'snapshot-target', 'baseline', 'bootstrap', 'import', 'row-diff'])
      expect([id, notPassed(await walk.run(id))]).toEqual([id, []]);
    expect(walk.facts.get('snapshot-target.absent')).toBe(true);
  }, 120_000);

  it('is restored table by table: what was loaded stands aside, what was absent is absent, the neighbour is as it was', async () => {
    const before = await neighbour();
    for (const id of ['data-snapshot', 'restore']) expect([id, notPassed(await walk.run(id))]).toEqual([id, []]);
    expect(await tables()).toEqual([expect.stringMatching(/^cutover_aside_/)]);
    expect(await neighbour()).toEqual(before);
    await walk.undo('restore');
    expect([await tables(), await neighbour()]).toEqual([['public'], before]);
    expect(notPassed(await walk.run('row-diff'))).toEqual([]);
  }, 120_000);

  it('is not moved from under a table of somebody else that refers to it', async () => {
    await postgresRows(dsn(), 'create table public.neighbour_ref (id uuid references public.customers (customer_id))');
    await expect(walk.run('restore')).rejects.toMatchObject({
      code: 'state_forbids',
      message: expect.stringContaining('neighbour_ref'),
    });
    expect(await tables()).toEqual(['public']);
    await postgresRows(dsn(), 'drop table public.neighbour_ref');
  }, 60_000);

  it('takes back what bootstrap made, empty, without touching the schema or the neighbour', async () => {
    const before = await neighbour();
    await expect(walk.undo('bootstrap')).rejects.toThrow('holds rows');
    const own = walk.fleet.find('fabio', 'matriz').profile.target.tables?.map((table) => `public.${table}`);
    await postgresRows(dsn(), `truncate ${own?.join(', ')}`);
    await walk.undo('bootstrap');
    expect([await tables(), await neighbour()]).toEqual([[], before]);
  }, 60_000);

  it('is made by the start of the service itself just as well: the catalogue equals the contract', async () => {
    const { entry, kind } = walk.stepOf('bootstrap');
    const params = kind.params.parse({ via: 'start', contract: 'fabio' });
    const ctx = walk.ctx({ ...entry, params: { via: 'start', contract: 'fabio' } });
    expect((await kind.plan(ctx, params)).lines[0]?.does).toContain('its start makes the tables');
    await kind.run(ctx, params);
    expect(notPassed(await kind.check(ctx, params))).toEqual([]);
    expect(await tables()).toEqual(['public']);
  }, 60_000);
});

describe('a store that its service has damaged without a word', () => {
  let demo: DemoFleet;
  let walk: Walk;
  const torn = 'orchestration/task-confirmations.json';
  const blocking = () =>
    walk.findings
      .filter((one) => one.blocking)
      .map(({ table, code, column }) => [table, column, code].join(' '))
      .sort();
  const everyDefect = [
    'agenda_appointments start_at not_a_time',
    'billing_charges amount digits_lost',
    'billing_charges currency too_long',
    'billing_charges due_date not_a_time',
    'billing_payments billing_payments_charge_id_fkey orphan_rows',
    'crm_leads nickname column_without_target',
    'crm_leads stage null_in_not_null',
    'crm_views crm_views_owner_module_name_ux duplicate_key',
    'customers customer_id bad_value',
    'customers customers_external_key_ux duplicate_key',
    'customers display_name nul_in_text',
    'orchestration_commands  torn_tail',
    'orchestration_commands command_id duplicate_key',
    'orchestration_events  line_not_json',
    'owner_context_promotions owner_context_promotions_memory_id_fkey orphan_rows',
    'owner_memory_entries salience_score number_too_large',
  ];

  beforeAll(async () => {
    demo = await openDemoFleet(['fabio/legado'], ['fabio']);
    walk = openWalk({ ...demo, system: 'fabio', sourceId: 'legado' });
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('stops at a truncated file, which the service takes for empty and would write over, by file, line and column', async () => {
    const [claim] = notPassed(await walk.run('preflight'));
    expect(claim).toMatch(/orchestration\/task-confirmations\.json ends at \d+:\d+ in the middle of an object\./);
    expect(claim).toContain('Stop its application first: many take such a file for empty and write over it.');
    expect(claim).toMatch(
      /no record can be read from orchestration\/commands\.ndjson line 36, .*events\.ndjson line 2/,
    );
    expect(walk.verdicts.get('preflight')?.checkpoints.map(({ key }) => key)).not.toContain('source-intact');
  }, 60_000);

  it('tells at once what does not fit of the values that could be read, so that a person decides once', async () => {
    const values = walk.verdicts.get('preflight')?.checkpoints.find(({ key }) => key === 'values');
    expect(values?.verdict).toBe('failed');
    expect(values?.evidence.summary).toMatch(/Of orchestration_task_confirmations only what stands before the break/);
    expect(blocking()).toEqual(everyDefect);
    for (const { key, rules } of walk.findings) walk.rules.set(key, rules[0]?.name ?? '');
    const decided = notPassed(await walk.run('preflight'));
    expect(decided.map((line) => line.split(':')[0])).toEqual(['failed source-opens', 'unknown values']);
    walk.rules.clear();
  }, 60_000);

  it('calls no row an orphan that may lead to the part of a file that could not be read', async () => {
    const file = path.join(demo.home, 'fleet/data/fabio/legado/billing/charges.json');
    const text = readFileSync(file);
    writeFileSync(file, text.subarray(0, text.length - 200));
    await walk.run('preflight');
    writeFileSync(file, text);
    expect(blocking()).toEqual(everyDefect.filter((one) => !one.startsWith('billing_payments')));
  }, 60_000);

  it('names every other defect, each line that is no record by its file and number, before anything is moved', async () => {
    const whole = path.join(demo.home, 'whole');
    generateStore({ folder: whole, seed: 'fabio-demo/legado', size: 'tiny' });
    copyFileSync(path.join(whole, torn), path.join(demo.home, 'fleet/data/fabio/legado', torn));
    await walk.run('preflight');
    expect(blocking()).toEqual(everyDefect);
    const found = walk.findings;
    const message = (code: string) => found.find((one) => one.code === code)?.message;
    expect(message('torn_tail')).toContain('orchestration/commands.ndjson line 36');
    expect(message('line_not_json')).toContain('orchestration/events.ndjson line 2');
    for (const id of ['snapshot-source', 'snapshot-target', 'baseline', 'bootstrap'])
      expect([id, notPassed(await walk.run(id))]).toEqual([id, []]);
    await expect(walk.run('import')).rejects.toMatchObject({ code: 'finding_open' });
  }, 120_000);
});
