import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveSnapshot } from '@/db/queries/step-state/save-snapshot';
import { inTx } from '@/db/tx';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { findKeptSnapshots } from './find-kept-snapshots';
import { markSnapshotDeleted } from './mark-snapshot-deleted';

let plane: TestControlPlane;
beforeAll(async () => {
  plane = await openControlPlane('kept');
}, 120_000);
afterAll(() => plane.close());

it('finds what other cutovers of the profile have verified and still keep, never what this one made or what is gone', async () => {
  const cutover = await seedCutover(plane, await plane.addPerson('Olga', 'operator'));
  const of = {
    cutoverId: cutover.id,
    system: 'sx',
    sourceId: 'assets_1',
    id: await cutover.end('done', 'snapshot-target'),
  };
  const keep = (id: string, kind: 'target' | 'source', verified: boolean) =>
    inTx(plane.db, (tx) =>
      saveSnapshot(tx, of, {
        id,
        kind,
        path: `/kept/${id}`,
        digest: id,
        bytes: '9007199254740993',
        manifest: {},
        verified,
      }),
    );
  for (const id of ['kept', 'gone']) await keep(id, 'target', true);
  await keep('copy-of-the-source', 'source', true);
  await keep('never-verified', 'target', false);
  await cutover.state('abandoned');
  expect(await inTx(plane.db, (tx) => markSnapshotDeleted(tx, 'gone'))).toBe(true);
  const asked = (id: string, sourceId = 'assets_1') => findKeptSnapshots(plane.db, { id, system: 'sx', sourceId });
  expect(await asked('another')).toMatchObject([
    { id: 'kept', path: '/kept/kept', bytes: '9007199254740993', stepId: 'snapshot-target' },
  ]);
  expect(await asked(cutover.id)).toEqual([]);
  expect(await asked('another', 'assets_2')).toEqual([]);
});
