import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTarget } from '@/lib/dataplane';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { callService } from '@/lib/services/http';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';
import { switching } from '@/lib/testing/walk-steps';
import { sourceFile } from '@/lib/fleet/source-files';

describe('profiles that are not plain', () => {
  let demo: DemoFleet;
  const open = (sourceId: string): Walk => openWalk({ ...demo, system: 'sx', sourceId, cutoverId: `walk-${sourceId}` });
  const failedKeys = async (walk: Walk, id = 'preflight') => {
    const { entry, kind, params } = walk.stepOf(id);
    return (await kind.check(walk.ctx(entry), params)).checkpoints
      .filter((one) => one.verdict !== 'passed')
      .map((one) => one.key);
  };
  beforeAll(async () => {
    demo = await openDemoFleet(['assets_1', 'assets_3', 'assets-1', 'team_4', 'library_6', 'library_7']);
  }, 90_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('assets_3: every value that does not fit waits for a rule; with its rules chosen the whole load is equal', async () => {
    const walk = open('assets_3');
    expect(await failedKeys(walk)).toEqual(['values']);
    const blocking = walk.findings.filter((finding) => finding.blocking);
    expect(blocking.map((finding) => finding.code).sort()).toEqual(
      expect.arrayContaining(['integer_out_of_range', 'nul_in_text']),
    );
    for (const finding of blocking) {
      expect(finding.rules.length).toBeGreaterThan(0);
      // '12.3K' is no number, however exactly it is read.
      walk.rules.set(finding.key, finding.code === 'class_differs' ? 'set-null' : (finding.rules[0]?.name ?? ''));
    }
    for (const id of [
      'preflight',
      'snapshot-source',
      'export-userdata',
      'snapshot-target',
      'baseline',
      'bootstrap',
      'import',
      'row-diff',
      'bootstrap',
      'load-check',
      'smoke',
    ]) {
      expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
    }
    for (const id of [...switching, 'plugin-operations']) {
      expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
    }
  }, 90_000);

  it('assets-1: its schema name belongs to assets_1, which stands first', async () => {
    expect(await failedKeys(open('assets-1'))).toEqual(['schema-name']);
    expect(await failedKeys(open('assets_1'))).toEqual([]);
  });

  it('team_4: is not switched alone while team_5 runs in the same process', async () => {
    expect(await failedKeys(open('team_4'))).toEqual([]);
  });

  it('library_6: only its own rows of the shared file are moved and fenced', async () => {
    const walk = open('library_6');
    for (const id of [
      'preflight',
      'snapshot-source',
      'snapshot-target',
      'baseline',
      'bootstrap',
      'import',
      'row-diff',
      'smoke',
      ...switching,
    ]) {
      expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
    }
    const moved = await withTarget(
      demo.secret('SX_POSTGRES_DSN'),
      async (client) => (await client.query('select distinct source_id from sx_library_6.videos')).rows,
    );
    expect(moved).toEqual([{ source_id: 'library_6' }]);
    const { service, profile } = walk.fleet.find('sx', 'library_7');
    const { json } = await callService(
      service?.instances[0] ?? '',
      { path: '/items?limit=1', headers: headersOfProfile(profile, demo.secret) },
      { maxBytes: 1e6 },
    );
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    expect(
      (
        await callService(service?.instances[0] ?? '', {
          method: 'PUT',
          path: `/items/${id}/meta`,
          headers: headersOfProfile(profile, demo.secret),
          json: { rating: 1 },
        })
      ).status,
    ).toBe(200);
    const db = new Database(sourceFile(profile.source));
    expect(() => db.prepare("delete from videos where source_id = 'library_6'").run()).toThrow(/fence/);
    db.close();
  }, 60_000);
});
