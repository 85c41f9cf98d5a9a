import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopManaged } from '@/lib/services/managed-process';
import { expectCriteria } from '@/lib/testing/criteria';
import { openOris, type OrisStage, recordsOf, restoring, rollback } from '@/lib/testing/oris-stage';
import { expectGreen, runAllOf } from '@/lib/testing/run-all';
import { notPassed, type Walk } from '@/lib/testing/walk-context';

describe('an earlier backup of a runtime, days after its cutover was closed', () => {
  let stage: OrisStage;
  let later: Walk;
  const runAll = runAllOf(() => later);
  const rows = () => stage.ask('select count(*) from oris_runtime.runtime_attempts');

  beforeAll(async () => {
    stage = await openOris(['oris/main']);
    const rehearsal = stage.walkOf('main', 'oris-rehearsal', 'rehearsal-1');
    await expectGreen(rehearsal, ['rehearse-restore', 'again']);
    const first = stage.walkOf('main', 'oris-backup-restore', 'walk-1');
    first.records = recordsOf(rehearsal);
    await expectGreen(first, ['backup', 'quiesce', 'stop', 'quiet-backup']);
    for (const id of ['stop', 'quiesce']) await first.undo(id);
    later = stage.walkOf('main', 'oris-restore', 'restore-1');
    later.records = first.records;
    later.kept = first.snapshots.map(({ bytes, verified: _, ...one }) => ({
      ...one,
      bytes: String(bytes),
      stepId: one.id.endsWith('quiet-backup') ? 'quiet-backup' : 'backup',
      runbook: 'oris-backup-restore',
    }));
    expect((await stage.run('after-the-backup')).status).toBe(200);
  }, 120_000);
  afterAll(() => stage?.demo.close());

  it('is chosen by a person: none is taken for them, and each is offered with its time and rows', async () => {
    await stage.ask("delete from oris_runtime.runtime_attempts where status = 'queued'");
    await expectGreen(later, ['preflight', 'rehearsed', 'baseline']);
    expect(notPassed(await later.run('choose-backup'))[0]).toContain('waits for a rule (finding_open)');
    await expect(later.run('restore')).rejects.toMatchObject({
      code: expect.stringMatching(/gate_closed|state_forbids/),
    });
    const [found] = later.findings;
    expect(found).toMatchObject({ code: 'snapshot_to_choose', blocking: true });
    expect(found?.rules.length).toBe(2);
    expect(found?.rules.at(-1)?.effect).toMatch(/^Taken 20.* by backup of oris-backup-restore, .*runtime_attempts \d+/);
    const manual = found?.rules.findLast(({ effect }) => effect.includes('by backup of'));
    later.rules.set(found?.key ?? '', manual?.name ?? '');
  });

  it('is refused when its dump was changed since it was verified', async () => {
    const dump = path.join(later.kept.find(({ stepId }) => stepId === 'backup')?.path ?? '', 'schema.dump');
    const whole = readFileSync(dump);
    writeFileSync(dump, whole.subarray(0, whole.length - 200));
    expect(notPassed(await later.run('choose-backup'))[0]).toContain('can be read to its end');
    writeFileSync(dump, whole);
    const counted = (await later.run('choose-backup')).checkpoints.find(({ key }) => key === 'against-now');
    expect(counted?.evidence.summary).toMatch(/runtime_attempts \d+ rows in it, \d+ now/);
  }, 60_000);

  it('is played back for a service that is down: the hold proves it, and its first start is a held one', async () => {
    const { service } = later.fleet.find('oris', 'main');
    if (service) await stopManaged(service, { wanted: true });
    expect(notPassed(await later.run('quiesce'))).toEqual([]);
    expect(later.verdicts.get('quiesce')?.checkpoints[0]?.evidence.summary).toMatch(/^down: no process, port closed/);
  });

  runAll(restoring.slice(1));

  it('brings back what was deleted since, and keeps what it replaced aside', async () => {
    const chosen = later.facts.get('choose-backup.rows') as Record<string, string>;
    expect(await rows()).toEqual([chosen.runtime_attempts]);
    expect(later.facts.get('quiet-backup.rows')).not.toEqual(chosen);
    expect(await stage.threads('after-the-backup')).toEqual([]);
    expect(await stage.asides()).toHaveLength(1);
  });

  runAll(rollback);

  it('can be taken back to what was there, damaged as it was', async () => {
    const before = later.facts.get('quiet-backup.rows') as Record<string, string>;
    expect(await rows()).toEqual([before.runtime_attempts]);
  });

  runAll(['close']);

  it('leaves every criterion of the manual restore proved', () => expectCriteria(later));
});
