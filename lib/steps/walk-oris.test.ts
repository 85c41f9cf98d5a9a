import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findFlightCard, rollBackFromCard } from '@/lib/cli/break-glass';
import { findPgTools } from '@/lib/dataplane';
import { runningProcess } from '@/lib/services/managed-process';
import { expectCriteria } from '@/lib/testing/criteria';
import type { DemoFleet } from '@/lib/testing/demo-fleet';
import { openOris, type OrisStage, recordsOf, restoring, rollback } from '@/lib/testing/oris-stage';
import { runAllOf } from '@/lib/testing/run-all';
import { notPassed, type Walk } from '@/lib/testing/walk-context';

const prepare = ['preflight', 'rehearsed', 'baseline', 'backup'];
describe('backup and restore of a live Oris runtime, without the engine', () => {
  let stage: OrisStage;
  let demo: DemoFleet;
  let rehearsal: Walk;
  let walk: Walk;
  let envBefore: string;
  const binDir = process.env.PG_BIN_DIR;

  const walkOf: OrisStage['walkOf'] = (...of) => stage.walkOf(...of);
  const run: OrisStage['run'] = (thread) => stage.run(thread);
  const ask: OrisStage['ask'] = (sql) => stage.ask(sql);
  const threads: OrisStage['threads'] = (prefix) => stage.threads(prefix);
  const asides: OrisStage['asides'] = () => stage.asides();
  const claimOf = async (id: string, key: string, of = walk) =>
    (await of.run(id)).checkpoints.find((one) => one.key === key);
  const runAll = runAllOf(() => walk);
  /** Client tools of which one is another program, in a folder that PG_BIN_DIR names. */
  const fakeTool = async (name: 'pg_dump', script: string): Promise<string> => {
    const { binDir: real } = await findPgTools(binDir);
    const folder = path.join(demo.home, `tools-${Math.random().toString(36).slice(2)}`);
    mkdirSync(folder);
    for (const tool of ['pg_dump', 'pg_restore', 'psql']) {
      writeFileSync(
        path.join(folder, tool),
        `#!/bin/sh\n${tool === name ? script.replaceAll('REAL', `${real}/${tool}`) : `exec ${real}/${tool} "$@"`}\n`,
      );
      chmodSync(path.join(folder, tool), 0o755);
    }
    return folder;
  };
  const without = 'case "$1" in --version) exec REAL "$@";; *) exec REAL "$@" --schema-only;; esac';

  beforeAll(async () => {
    stage = await openOris(['oris/main', 'oris/lab']);
    demo = stage.demo;
    rehearsal = walkOf('main', 'oris-rehearsal', 'rehearsal-1');
    walk = walkOf('main', 'oris-backup-restore', 'walk-1');
    envBefore = demo.envText('oris-main');
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });
  const realTools = () => {
    delete process.env.PG_BIN_DIR;
    if (binDir !== undefined) process.env.PG_BIN_DIR = binDir;
  };
  afterEach(realTools);

  describe('the rehearsal', () => {
    it('is required: without one the cutover stops and says which runbook makes it', async () => {
      const recorded = await claimOf('rehearsed', 'recorded');
      expect(recorded).toMatchObject({ verdict: 'failed' });
      expect(recorded?.evidence.summary).toMatch(/No rehearsal .* is on record\. Walk runbook oris-rehearsal/);
    });

    runAllOf(() => rehearsal)(['preflight', 'rehearse-restore', 'again', 'own-script']);

    it('prints its result as key=value lines and holds each number against what was seeded', async () => {
      const said = rehearsal.log.filter((line) => line.startsWith('again info')).map((line) => line.slice(11));
      for (const line of [
        'backup_restore_rehearsal=ok',
        'migration_rows=2',
        'attempt_rows=2',
        'lease_rows=1',
        'queued_ready=1',
        'owned_leases=1',
      ])
        expect(said).toContain(line);
      const { checkpoints } = rehearsal.verdicts.get('own-script') ?? { checkpoints: [] };
      expect(checkpoints.map(({ key }) => key)).toEqual(
        expect.arrayContaining(['result-attempt_rows', 'result-owned_leases', 'repeatable', 'backup-file']),
      );
    });

    it('is caught when the restore brings back nothing, although the system’s own script says ok', async () => {
      process.env.PG_BIN_DIR = await fakeTool('pg_dump', without);
      const verdict = await rehearsal.run('own-script');
      expect(rehearsal.log).toContain('own-script info backup_restore_rehearsal=ok');
      const attempts = verdict.checkpoints.find(({ key }) => key === 'result-attempt_rows');
      expect(attempts).toMatchObject({ verdict: 'failed', claim: 'attempt_rows=2, as seeded' });
      expect(attempts?.evidence.summary).toBe('printed 0, 0 in the restored schema; the rehearsal itself said ok');
      expect(notPassed(verdict).some((line) => line.includes('repeatable'))).toBe(true);
    }, 60_000);

    it('is caught as well by the console’s own restore, and that record counts as failed until one passes again', async () => {
      process.env.PG_BIN_DIR = await fakeTool('pg_dump', without);
      const content = await claimOf('again', 'content', rehearsal);
      expect(content?.verdict).toBe('failed');
      expect(content?.evidence.summary).toMatch(
        /does not bring back what was in it: .*runtime_attempts has 0 rows, had 2.*Rely on no backup made this way/s,
      );
      walk.records = recordsOf(rehearsal);
      realTools();
      const recorded = await claimOf('rehearsed', 'recorded');
      expect(recorded?.evidence.summary).toMatch(/The last rehearsal, of .*, failed; an older one does not stand in/);
      for (const id of ['again', 'own-script']) expect(notPassed(await rehearsal.run(id))).toEqual([]);
    }, 60_000);

    it('never drops a schema that no rehearsal has made', async () => {
      const other = walkOf('lab', 'oris-rehearsal', 'rehearsal-2');
      await ask('create schema oris_lab_rehearsal create table mine (id int)');
      await expect(other.run('rehearse-restore')).rejects.toMatchObject({ code: 'target_not_empty' });
      expect(await ask("select 1 from pg_tables where schemaname = 'oris_lab_rehearsal'")).toEqual(['1']);
      await ask('drop schema oris_lab_rehearsal cascade');
    });

    it('runs again from its beginning after a kill between drop and restore', async () => {
      rehearsal.failpoints.set('rehearsal:after-drop', () => {
        throw new Error('killed');
      });
      await expect(rehearsal.run('again')).rejects.toThrow('killed');
      rehearsal.failpoints.clear();
      expect(notPassed(await rehearsal.run('again'))).toEqual([]);
    }, 60_000);

    runAllOf(() => rehearsal)(['close']);

    it('leaves no schema behind, its record stays, and the criteria of its seed are proved', async () => {
      expect(await ask("select nspname from pg_namespace where nspname like 'oris%rehearsal%'")).toEqual([]);
      walk.records = recordsOf(rehearsal);
      expectCriteria(rehearsal);
    });
  });

  describe('what a cutover may rely on', () => {
    it('not a rehearsal that is too old: it says until when it counted and the way out', async () => {
      const kept = { ...(walk.records.get('again.record.restore-rehearsal') as Record<string, string>) };
      walk.records.set('again.record.restore-rehearsal', { ...kept, at: '2026-01-01T00:00:00.000Z' });
      const recorded = await claimOf('rehearsed', 'recorded');
      expect(recorded?.evidence.summary).toMatch(
        /is of 2026-01-01.* and counted until 2026-01-31.*Walk runbook oris-rehearsal.*record_stale/,
      );
      walk.records.set('again.record.restore-rehearsal', { ...kept, at: new Date().toISOString() });
    });

    it('not one that was made with other tools, on another server or for other tables', async () => {
      const kept = { ...(walk.records.get('again.record.restore-rehearsal') as Record<string, string>) };
      for (const [part, words] of [
        ['tools', 'tools was pg_dump 9.1'],
        ['server_version', 'server version was pg_dump 9.1'],
        ['contract', 'contract was pg_dump 9.1'],
      ] as const) {
        walk.records.set('again.record.restore-rehearsal', { ...kept, [part]: 'pg_dump 9.1' });
        const unchanged = await claimOf('rehearsed', 'unchanged');
        expect(unchanged).toMatchObject({ verdict: 'failed' });
        expect(unchanged?.evidence.summary).toContain(words);
      }
      walk.records.set('again.record.restore-rehearsal', kept);
    });

    it('not a pg_dump older than the server: preflight says which one is needed', async () => {
      process.env.PG_BIN_DIR = await fakeTool('pg_dump', 'echo "pg_dump (PostgreSQL) 11.22"');
      const tools = await claimOf('preflight', 'tools');
      expect(tools?.verdict).toBe('failed');
      expect(tools?.evidence.summary).toMatch(
        /pg_dump 11\.22 .* cannot dump server 15\. Install client 15.*tool_too_old/,
      );
    }, 60_000);
  });

  it('tells a schema name that the server takes and the system’s own script refuses, and a schema that is not there', async () => {
    const { entry, kind, params } = walk.stepOf('preflight');
    const ctx = walk.ctx(entry);
    const target = { ...ctx.profile.target, schema: '9lives' };
    const failed = notPassed(await kind.check({ ...ctx, profile: { ...ctx.profile, target } }, params)).join('\n');
    expect(failed).toMatch(/own tools refuse the schema name 9lives: .*schema_name_invalid/);
    expect(failed).toMatch(/Schema 9lives does not exist: there is nothing to back up/);
  });

  describe('there', () => {
    runAll(prepare);

    it('does not replace the schema under a service that serves from it', async () => {
      await walk.run('quiet-backup');
      await expect(walk.run('restore')).rejects.toMatchObject({
        code: 'state_forbids',
        advice: 'Hold the users or stop the service first.',
      });
    }, 60_000);

    it('takes jobs until the hold, and the last of them is in what is restored', async () => {
      expect((await run('before-hold')).status).toBe(200);
    });

    it('holds writes, and goes on where a kill between the env file and the stop left it', async () => {
      expect(notPassed(await walk.run('quiesce'))).toEqual([]);
      walk.failpoints.set('stop:before-end', () => {
        throw new Error('killed');
      });
      await expect(walk.run('stop')).rejects.toThrow('killed');
      walk.failpoints.clear();
      expect(runningProcess('oris-main')).not.toBeNull();
      expect((await run('meanwhile')).status).toBe(503);
    });

    runAll(restoring.slice(1, 3));

    it('can be rolled back before its backup was taken: nothing was put in place, and the service comes up again', async () => {
      const early = walkOf('main', 'oris-backup-restore', 'walk-early');
      for (const id of ['quiesce', 'stop', ...rollback])
        expect({ id, not: notPassed(await early.run(id)) }).toEqual({ id, not: [] });
      expect(early.log.join('\n')).toContain('nothing is put back');
      expect((await run('after-early-rollback')).status).toBe(200);
      for (const id of restoring.slice(0, 3)) expect(notPassed(await walk.run(id))).toEqual([]);
    }, 60_000);

    it('changes nothing with a damaged backup', async () => {
      const dump = path.join(walk.facts.get('quiet-backup.dir') as string, 'schema.dump');
      const whole = readFileSync(dump);
      writeFileSync(dump, whole.subarray(0, whole.length - 200));
      await expect(walk.run('restore')).rejects.toMatchObject({ code: 'snapshot_damaged' });
      writeFileSync(dump, whole);
      expect(await threads('before-hold')).toEqual(['before-hold']);
      expect(await asides()).toEqual([]);
    });

    it('comes back from break-glass in mid-restore, when no schema stands under the name', async () => {
      walk.failpoints.set('restore:after-aside', () => {
        throw new Error('killed');
      });
      await expect(walk.run('restore')).rejects.toThrow('killed');
      walk.failpoints.clear();
      expect(await asides()).toHaveLength(1);
      expect(await ask("select 1 from pg_namespace where nspname = 'oris_runtime'")).toEqual([]);
      const said: string[] = [];
      const input = { reason: 'the console is gone', secret: demo.secret, say: (text: string) => said.push(text) };
      const act = await rollBackFromCard(findFlightCard('oris', 'main'), input);
      expect([act.observed, act.targetFenced]).toEqual(['postgres', false]);
      expect(said.join('\n')).toMatch(/schema oris_runtime was missing in mid-restore: cutover_aside_\w+ is it again/);
      expect((await run('by-break-glass')).status).toBe(200);
      expect(await asides()).toEqual([]);
    }, 60_000);

    runAll(restoring.slice(0, 5));

    it('takes everything back in reverse when the restored schema is refused by the service: held, on the old schema', async () => {
      await ask("insert into oris_runtime.runtime_schema_migrations values (99, 'from the future', 1)");
      await expect(walk.run('start')).rejects.toMatchObject({
        code: 'service_restart_failed',
        message: expect.stringMatching(/ended right after its start.*version 99, and this binary supports 2/),
      });
      for (const id of ['start', 'validate', 'restore', 'quiet-backup', 'stop']) await walk.undo(id);
      expect(await ask('select max(version) from oris_runtime.runtime_schema_migrations')).toEqual(['2']);
      expect(await asides()).toEqual([]);
      expect((await run('too-early')).status).toBe(503);
      await walk.undo('quiesce');
      expect(demo.envText('oris-main')).toBe(envBefore);
      expect((await run('after-return')).status).toBe(200);
    }, 90_000);

    it('lets no caller through to rows that fail the validation', async () => {
      for (const id of restoring.slice(0, 4)) expect(notPassed(await walk.run(id))).toEqual([]);
      await ask(
        'delete from oris_runtime.runtime_attempts where attempt_id = (select min(attempt_id) from oris_runtime.runtime_leases)',
      );
      expect(notPassed(await walk.run('validate')).map((line) => line.split(': ')[1])).toEqual([
        'As many attempts and leases as the backup holds',
        'Every lease owns an attempt',
      ]);
      expect(runningProcess('oris-main')).toBeNull();
      for (const id of ['validate', 'restore', 'quiet-backup', 'stop', 'quiesce']) await walk.undo(id);
      expect(await ask("select count(*) from oris_runtime.runtime_attempts where status = 'leased'")).toEqual(
        await ask('select count(*) from oris_runtime.runtime_leases'),
      );
    }, 90_000);

    runAll(restoring);

    it('has every acknowledged job, and the schema from before stands aside', async () => {
      expect(await threads('')).toEqual(expect.arrayContaining(['after-return', 'before-hold']));
      expect(await asides()).toHaveLength(1);
      expect(demo.envText('oris-main')).toBe(envBefore);
      expect((await run('after-thaw')).status).toBe(200);
    });

    runAll(['log-scan']);
  });

  describe('and back', () => {
    it('says before which rows the way back drops: those written since the restore, by key', async () => {
      const { entry, kind, params } = walk.stepOf('rollback-restore');
      const { loss } = await kind.plan(walk.ctx(entry), params);
      expect([loss?.extra, loss?.missing, loss?.differing, loss?.notCompared]).toEqual(['1', '0', '0', []]);
      expect(loss?.sample[0]).toMatchObject({ table: 'runtime_attempts', kind: 'extra' });
      expect(JSON.stringify(loss?.sample[0]?.cells)).toContain('after-thaw');
    });

    runAll(rollback);

    it('has counted them once more under the hold, before they were set aside', () => {
      expect(walk.facts.get('rollback-restore.lossUnderHold')).toMatchObject({ rows: '1', whole: true });
    });

    it('is on the rows of the backup, takes jobs, and sets aside what was written since', async () => {
      expect(await threads('after-thaw')).toEqual([]);
      expect(await asides()).toHaveLength(2);
      expect((await run('after-rollback')).status).toBe(200);
      expect(demo.envText('oris-main')).toBe(envBefore);
    });

    runAll(['close']);

    it('leaves nothing aside, the neighbour as it was, and every criterion of the seed proved', async () => {
      expect(await asides()).toEqual([]);
      expect(await ask('select count(*) from oris_lab.runtime_attempts')).toEqual(['120']);
      expectCriteria(walk);
    });
  });
});
