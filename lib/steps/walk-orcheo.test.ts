import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFlightCard, rollBackFromCard } from '@/lib/cli/break-glass';
import { withTarget } from '@/lib/dataplane';
import { readFlightCard } from '@/lib/services/flight-card';
import { callService } from '@/lib/services/http';
import { runningProcess } from '@/lib/services/managed-process';
import { observeProfile } from '@/lib/services/observe';
import { environNamesOf } from '@/lib/services/process-birth';
import { expectCriteria } from '@/lib/testing/criteria';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { runAllOf } from '@/lib/testing/run-all';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';
import { rollback, switching } from '@/lib/testing/walk-steps';

const tenants = ['studio', 'support', 'attic'];
const files = ['workflows', 'service_tokens', 'chatkit', 'checkpoints', 'graph_store'];
const prepare = [
  'preflight',
  'local-validation',
  'snapshot-source',
  'snapshot-vault',
  'snapshot-target',
  'baseline',
  'bootstrap',
  'export',
  'service-export',
];
/** What the service's own export leaves out, without a word. */
const forgotten = ['workflows.handle', 'workflows.is_archived', 'cron_triggers.last_dispatched_at'];

/** One after another, on the same tenant: what the first moved is in use when the second begins. */
const human = ['sign-off', 'checklist'];
const subsets = [['chatkit'], ['repository', 'checkpoint', 'graph_store']];

describe('a whole cutover of an Orcheo tenant of five files and back, without the engine', () => {
  let demo: DemoFleet;
  let walk: Walk;
  let envBefore: string;
  let vaultBefore: Buffer;
  const own = () => walk.fleet.find('orcheo', 'studio');
  const file = (name: string) => path.join(demo.home, 'fleet/data/orcheo/studio', `${name}.sqlite`);
  const call = (method: string, at: string, json?: unknown) =>
    callService(own().service?.instances[0] ?? '', { method, path: at, headers: {}, json }, { maxBytes: 1e6 });
  const onTarget = <T extends Record<string, unknown>>(sql: string): Promise<T[]> =>
    withTarget(demo.secret('ORCHEO_STUDIO_POSTGRES_DSN'), async (client) => (await client.query<T>(sql)).rows);
  const inFile = (name: string, sql: string): unknown => {
    const db = new Database(file(name));
    try {
      const statement = db.prepare(sql);
      return statement.reader ? statement.pluck().get() : statement.run();
    } finally {
      db.close();
    }
  };
  const reading = () => {
    const { profile, service } = own();
    if (!service) throw new Error('no service');
    return observeProfile(profile, service, demo.secret);
  };
  const runAll = runAllOf(() => walk);

  beforeAll(async () => {
    demo = await openDemoFleet([...tenants], ['orcheo']);
    walk = openWalk({ ...demo, system: 'orcheo', sourceId: 'studio' });
    envBefore = demo.envText('orcheo-studio');
    vaultBefore = readFileSync(file('vault'));
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('names a forgotten prefix in the check and as the likely cause of the drift, and passes when it is put right', async () => {
    const envFile = own().service?.env_file ?? '';
    writeFileSync(envFile, envBefore.replace('ORCHEO_REPOSITORY_BACKEND=sqlite', 'REPOSITORY_BACKEND=postgres'));
    const verdict = await walk.run('prefix-check');
    expect(notPassed(verdict)[0]).toContain(
      'A variable without the ORCHEO_ prefix is set in the env file: REPOSITORY_BACKEND. The service ignores it, and repository falls back without a word.',
    );
    const drift = await reading();
    expect([drift.declared, drift.observed]).toEqual([null, 'sqlite']);
    expect(drift.cause).toContain(
      'Likely for repository: a variable without the ORCHEO_ prefix is set in the env file: REPOSITORY_BACKEND.',
    );
    writeFileSync(envFile, envBefore);
    expect(notPassed(await walk.run('prefix-check'))).toEqual([]);
  });

  runAll(prepare);

  it('lists what stays on purpose in the plan, and what the service’s own export would lose', async () => {
    expect(await walk.planText('snapshot-source')).toContain('Leaves vault where it is: Vault data is excluded');
    const lost = walk.findings.map(({ table, column }) => (column ? `${table}.${column}` : table));
    expect(lost).toEqual(expect.arrayContaining([...forgotten, 'listener_subscriptions', 'store', 'checkpoints']));
  });

  it('refuses a changed batch by its name before the import, and takes the export that is made again', async () => {
    const folder = String(walk.facts.get('service-export.path'));
    const batch = path.join(folder, 'workflows', readdirSync(path.join(folder, 'workflows'))[0] ?? '');
    appendFileSync(batch, ' ');
    const { entry, kind, params } = walk.stepOf('service-export');
    const told = notPassed(await kind.check(walk.ctx(entry), params));
    expect(told[0]).toMatch(/Checksum mismatch for workflows\/batch_0001\.jsonl: .* Delete the batch by running this/);
    expect(notPassed(await walk.run('service-export'))).toEqual([]);
    const own = path.join(String(walk.facts.get('export.folder')), 'workflow_runs/batch_0001.jsonl');
    const whole = readFileSync(own);
    writeFileSync(own, whole.subarray(0, -2));
    await expect(walk.run('import')).rejects.toMatchObject({
      code: 'export_damaged',
      message: expect.stringContaining('workflow_runs/batch_0001.jsonl'),
    });
    writeFileSync(own, whole);
  });

  it('goes on after the last committed batch when the import dies on its way', async () => {
    let batches = 0;
    walk.failpoints.set('import:after-batch', () => {
      batches += 1;
      if (batches === 3) throw new Error('killed');
    });
    await expect(walk.run('import')).rejects.toThrow('killed');
    walk.failpoints.delete('import:after-batch');
    expect(notPassed(await walk.run('import'))).toEqual([]);
    expect(walk.log).toContainEqual(expect.stringMatching(/import note \d+ batches were committed before/));
  });

  it('fails validation over a missing row with what to do, and passes when the row is back', async () => {
    await onTarget('create table orcheo.kept as select * from orcheo.chat_attachments limit 1');
    await onTarget('delete from orcheo.chat_attachments where id in (select id from orcheo.kept)');
    const told = notPassed(await walk.run('validate')).join('\n');
    expect(told).toMatch(/"table":"chat_attachments"|chat_attachments\\"/);
    expect(told).toContain('Confirm that every service points at the same PostgreSQL DSN');
    await onTarget('insert into orcheo.chat_attachments select * from orcheo.kept');
    await onTarget('drop table orcheo.kept');
  });

  runAll(['validate', 'row-diff', 'smoke']);

  it('has every row of all 20 tables, those that the export forgets among them', async () => {
    const counts = walk.facts.get('row-diff.counts') as Record<string, string>;
    expect(counts).toMatchObject({ differing: '0', missing: '0', extra: '0' });
    expect(Object.keys(walk.facts.get('import.rows') as object)).toHaveLength(20);
    const [found] = await onTarget<{ handles: string; archived: string; dispatched: string; listeners: string }>(
      'select (select count(handle) from orcheo.workflows) handles, (select count(*) from orcheo.workflows where is_archived) archived, (select count(last_dispatched_at) from orcheo.cron_triggers) dispatched, (select count(*) from orcheo.listener_subscriptions) listeners',
    );
    expect(found).toEqual({
      handles: String(inFile('workflows', 'select count(handle) from workflows')),
      archived: String(inFile('workflows', 'select count(*) from workflows where is_archived')),
      dispatched: String(inFile('workflows', 'select count(last_dispatched_at) from cron_triggers')),
      listeners: String(inFile('workflows', 'select count(*) from listener_subscriptions')),
    });
  });

  it("takes a user's write after the snapshot, which the target does not have yet", async () => {
    expect((await call('PUT', '/api/graph-store/users/late', { text: 'after the snapshot' })).status).toBe(200);
  });

  runAll(switching);

  it('keeps on the flight card what frees each file by itself', () => {
    const card = readFlightCard('orcheo', 'studio');
    expect(card?.unfence?.map((one) => path.basename(one.path, '.sqlite'))).toEqual(files);
    for (const { sql } of card?.unfence ?? [])
      for (const statement of sql) expect(statement).toMatch(/^DROP TRIGGER IF EXISTS "cutover_fence_/);
  });

  it('has moved the late write, refuses writes to every moved file, and not to the vault', async () => {
    expect(await onTarget("select value ->> 'text' as text from orcheo.store where key = 'late'")).toEqual([
      { text: 'after the snapshot' },
    ]);
    for (const name of files) {
      const table = inFile(
        name,
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' limit 1",
      );
      expect(() => inFile(name, `delete from ${table}`), name).toThrow(/cutover fence/);
    }
    expect(readFileSync(file('vault')).equals(vaultBefore)).toBe(true);
    const { observed, surfaces, stays } = await reading();
    expect([observed, ...surfaces.map((one) => one.observed)]).toEqual(Array(5).fill('postgres'));
    expect(stays).toMatchObject([{ name: 'vault', is: 'sqlite', said: 'sqlite' }]);
  });

  runAll(['live-operations', 'vault-untouched', 'log-scan']);

  it('has removed what its own checks wrote to every surface', async () => {
    const [left] = await onTarget<{ n: string }>(
      "select (select count(*) from orcheo.workflows where handle like 'cutover-%') + (select count(*) from orcheo.chat_messages where id like 'cutover-%') + (select count(*) from orcheo.chat_threads where id like 'cutover-%') + (select count(*) from orcheo.checkpoints where thread_id like 'cutover-%') + (select count(*) from orcheo.store where prefix = 'cutover') as n",
    );
    expect(left).toEqual({ n: '0' });
    const claims = walk.verdicts.get('canary')?.checkpoints.map(({ claim }) => claim);
    for (const surface of ['repository', 'checkpoint', 'chatkit', 'graph_store'])
      expect(claims).toContain(`The write to ${surface} is a row of PostgreSQL`);
  });

  it('sees a write to the vault, which must not happen', async () => {
    const table = inFile('vault', "select name from sqlite_schema where type = 'table' limit 1");
    inFile('vault', `delete from ${table} where rowid = (select min(rowid) from ${table})`);
    const { entry, kind, params } = walk.stepOf('vault-untouched');
    expect(notPassed(await kind.check(walk.ctx(entry), params))[0]).toMatch(/failed rows: .*vault\./);
  });

  runAll(rollback);

  it('is back on sqlite with the env file byte for byte, and the DSN is no longer given to the service', async () => {
    expect(demo.envText('orcheo-studio')).toBe(envBefore);
    const names = environNamesOf(runningProcess('orcheo-studio')?.pid ?? 0);
    expect(names).toContain('ORCHEO_REPOSITORY_BACKEND');
    expect(names).not.toContain('ORCHEO_POSTGRES_DSN');
    expect((await call('PUT', '/api/graph-store/users/back', { text: 'on sqlite' })).status).toBe(200);
  });

  it('passes its checks on SQLite while users write, reads each write in its file, and leaves nothing of its own', async () => {
    const threads = await call('GET', '/api/chatkit/threads');
    const thread = (threads.json as { threads: { id: string }[] }).threads[0]?.id;
    const workflows = () =>
      inFile('workflows', 'select group_concat(quote(id) || quote(payload) || updated_at) from workflows');
    const before = workflows();
    let writing = true;
    const users = (async () => {
      for (; writing; await call('POST', `/api/chatkit/threads/${thread}/messages`, { text: 'meanwhile' }));
    })();
    try {
      expect(notPassed(await walk.run('rollback-smoke'))).toEqual([]);
    } finally {
      writing = false;
      await users;
    }
    expect(workflows()).toBe(before);
    expect(inFile('chatkit', "select count(*) from chat_threads where id like 'cutover-%'")).toBe(0);
    expect(inFile('checkpoints', "select count(*) from checkpoints where thread_id like 'cutover-%'")).toBe(0);
    expect(inFile('graph_store', "select count(*) from store where prefix = 'cutover'")).toBe(0);
  });

  it('counts as mixed, never as switched, when one surface alone goes over, and comes back one by one', async () => {
    await walk.run('freeze');
    const { entry, kind } = walk.stepOf('switch');
    const only = (surfaces: string[], to: string) => kind.params.parse({ to, surfaces, together: false });
    await kind.run(walk.ctx(entry), only(['chatkit'], 'postgres'));
    expect(notPassed(await kind.check(walk.ctx(entry), only(['chatkit'], 'postgres')))).toEqual([]);
    const { observed, declared, cause } = await reading();
    expect([declared, observed, cause]).toEqual(['mixed', 'mixed', null]);
    const all = walk.stepOf('verify-mode');
    expect(notPassed(await all.kind.check(walk.ctx(all.entry), all.params))[0]).toMatch(/failed mode-/);
    await kind.run(walk.ctx(entry), only(['chatkit'], 'sqlite'));
    expect((await reading()).observed).toBe('sqlite');
    await walk.run('rollback-thaw');
  });

  runAll(['close']);

  it('leaves evidence for every line of its seed', () => {
    expectCriteria(walk);
  });

  it('leaves nothing of ours in the files, and no secret in a plan or log', async () => {
    for (const name of files)
      expect(inFile(name, "select count(*) from sqlite_schema where name like 'cutover%'"), name).toBe(0);
    const plans = await Promise.all([...prepare, ...switching, ...rollback].map((id) => walk.planText(id)));
    const told = [...plans, ...walk.log].join('\n');
    for (const line of readFileSync(demo.secretsFile, 'utf8').split('\n').filter(Boolean)) {
      const value = line.slice(line.indexOf('=') + 1);
      const secret = value.startsWith('postgres') ? decodeURIComponent(new URL(value).password) : value;
      expect(told.includes(secret)).toBe(false);
    }
  });

  it('finds each row of a tenant that was imported by hand and would not fit', { timeout: 60_000 }, async () => {
    const attic = openWalk({ ...demo, system: 'orcheo', sourceId: 'attic', cutoverId: 'attic' });
    const told = notPassed(await attic.run('preflight'));
    const found = attic.findings.map(({ code, table, column }) => `${code} ${table}${column ? `.${column}` : ''}`);
    expect(found.sort()).toEqual([
      'file_stays vault',
      'json_not_storable workflow_runs.payload',
      'not_a_time execution_history.started_at',
      'not_boolean agentensor_checkpoints.is_best',
      'not_json agentensor_checkpoints.metrics',
      'not_json workflow_versions.payload',
      'nul_in_text chat_threads.title',
      'orphan_rows chat_messages.chat_messages_thread_id_fkey',
      'time_without_zone workflow_runs.created_at',
    ]);
    expect(told[0]).toContain('8 findings wait for a rule');
  });

  it('is brought back from the flight card alone: every file freed, the target fenced, the env file as before', {
    timeout: 60_000,
  }, async () => {
    const glass = openWalk({ ...demo, system: 'orcheo', sourceId: 'attic', cutoverId: 'glass' });
    const env = demo.envText('orcheo-attic');
    for (const id of ['freeze', 'fence', 'switch']) expect(notPassed(await glass.run(id))).toEqual([]);
    const said: string[] = [];
    const card = findFlightCard('orcheo', 'attic');
    const act = await rollBackFromCard(card, {
      reason: 'the control plane is gone',
      secret: demo.secret,
      say: (text) => said.push(text),
    });
    expect([act.observed, act.targetFenced]).toEqual(['sqlite', true]);
    expect(said.filter((text) => text.endsWith('fence lifted'))).toHaveLength(files.length);
    expect(said).toContain('ORCHEO_POSTGRES_DSN is no longer given to orcheo-attic');
    expect(environNamesOf(runningProcess('orcheo-attic')?.pid ?? 0)).not.toContain('ORCHEO_POSTGRES_DSN');
    expect(demo.envText('orcheo-attic')).toBe(env);
    const { entry, kind } = glass.stepOf('rollback-unfence');
    expect(notPassed(await kind.check(glass.ctx(entry), kind.params.parse({ lift: true })))).toEqual([]);
  });

  describe.each(subsets.map((surfaces) => ({ surfaces })))('and a cutover of $surfaces alone', ({ surfaces }) => {
    let part: Walk;
    beforeAll(() => {
      part = openWalk({ ...demo, system: 'orcheo', sourceId: 'support', surfaces, cutoverId: surfaces.join('-') });
    });

    it('walks every step of these surfaces to the close, and leaves the others as they are', {
      timeout: 120_000,
    }, async () => {
      const machine = part.runbook.phases.flatMap(({ steps }) => steps).filter(({ kind }) => !human.includes(kind));
      for (const { id } of machine) expect({ id, not: notPassed(await part.run(id)) }).toEqual({ id, not: [] });
      expect(machine.map(({ id }) => id)).not.toContain('service-export');
    });

    it('counts as mixed until the last surface has moved, and one that stays keeps the DSN when the others go back', async () => {
      const { profile, service } = part.fleet.find('orcheo', 'support');
      if (!service) throw new Error('no service');
      const { observed, surfaces: read } = await observeProfile(profile, service, demo.secret);
      const last = surfaces === subsets.at(-1);
      expect(observed).toBe(last ? 'postgres' : 'mixed');
      expect(read.filter((one) => one.observed === 'postgres').map(({ name }) => name)).toEqual(
        last ? ['repository', 'checkpoint', 'chatkit', 'graph_store'] : ['chatkit'],
      );
      if (!last) return;
      // Back with these alone: the one that moved before still needs the DSN, and would not start without it.
      for (const id of ['rollback-freeze', 'rollback-switch', 'rollback-verify', 'rollback-thaw'])
        expect({ id, not: notPassed(await part.run(id)) }).toEqual({ id, not: [] });
      expect(environNamesOf(runningProcess('orcheo-support')?.pid ?? 0)).toContain('ORCHEO_POSTGRES_DSN');
      const after = await observeProfile(profile, service, demo.secret);
      expect(after.surfaces.filter((one) => one.observed === 'postgres').map(({ name }) => name)).toEqual(['chatkit']);
    });
  });
});
