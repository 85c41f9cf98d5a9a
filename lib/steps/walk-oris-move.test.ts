import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsWithoutTarget, tablesWithoutTarget } from '@/e2e/fleet/oris/ddl.mjs';
import { withTarget } from '@/lib/dataplane';
import { textRows } from '@/lib/dataplane/connect-target';
import { callService } from '@/lib/services/http';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { runAllOf } from '@/lib/testing/run-all';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';

const load = ['snapshot-source', 'snapshot-target', 'bootstrap', 'import', 'row-diff'];
const switching = ['freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'thaw'];
const rollback = ['rollback-freeze', 'rollback-switch', 'rollback-unfence', 'rollback-verify', 'rollback-thaw'];

describe('an Oris runtime on SQLite, moved to PostgreSQL and back', () => {
  let demo: DemoFleet;
  let walk: Walk;
  let envBefore: string;
  const runAll = runAllOf(() => walk);
  const ask = (sql: string): Promise<string[]> =>
    withTarget(demo.secret('ORIS_POSTGRES_DSN'), async (client) =>
      (await textRows<Record<string, string>>(client, sql)).map((row) => Object.values(row).join(' ')),
    );
  const url = () => walk.ctx(walk.stepOf('freeze').entry).services[0]?.instances[0] ?? '';

  beforeAll(async () => {
    demo = await openDemoFleet(['oris/edge'], ['oris']);
    walk = openWalk({ ...demo, system: 'oris', sourceId: 'edge' });
    envBefore = demo.envText('oris-edge');
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('names every table and column that PostgreSQL has no place for, with its rows, and stops until each is answered', async () => {
    const verdict = await walk.run('preflight');
    const of = (code: string) => walk.findings.filter((finding) => finding.code === code);
    expect(
      of('table_without_target')
        .map(({ table }) => table)
        .sort(),
    ).toEqual(['runtime_schema_migrations', ...tablesWithoutTarget()].sort());
    expect(
      of('column_without_target')
        .map(({ column }) => column)
        .sort(),
    ).toEqual(columnsWithoutTarget().sort());
    expect(walk.findings.filter(({ column }) => column === 'attempt_no').map(({ count }) => count)).toEqual([1n]);
    expect(notPassed(verdict)).toHaveLength(1);
  }, 60_000);

  it('lets nothing be left out where the runbook refuses it', async () => {
    const { entry, kind, params } = walk.stepOf('preflight');
    await kind.check(walk.ctx(entry), { ...(params as object), columns_without_target: 'refuse' });
    const unplaced = walk.findings.filter(({ code }) => code.endsWith('_without_target'));
    expect(unplaced.every(({ rules, blocking }) => rules.length === 0 && blocking)).toBe(true);
    expect(unplaced[0]?.message).toContain('This runbook lets nothing be left out');
  }, 60_000);

  it('passes once a person has answered each', async () => {
    await walk.run('preflight');
    for (const { key, rules } of walk.findings)
      walk.rules.set(key, rules.find(({ name }) => name === 'leave-out')?.name ?? rules[0]?.name ?? '');
    expect(notPassed(await walk.run('preflight'))).toEqual([]);
  }, 60_000);

  runAll(load);
  runAll(switching);

  it('runs on the rows it had, with the migration history of PostgreSQL and not that of SQLite', async () => {
    expect(await ask('select max(version) from oris_edge.runtime_schema_migrations')).toEqual(['2']);
    const { json } = await callService(url(), { path: '/healthz', headers: {} });
    expect(json).toMatchObject({ ok: true, runtime_backend: 'postgres', schema_version: 2 });
    expect(await ask('select count(*) from oris_edge.runtime_attempts')).toEqual(['400']);
  });

  runAll(rollback);

  it('is back on its file with the env file as it was', () => {
    expect(demo.envText('oris-edge')).toBe(envBefore);
  });

  runAll(['close']);
});
