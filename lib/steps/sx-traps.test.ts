import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';

/** Values that do not fit and schema names that collide: awkward-profiles.test.ts. */
describe('what a cutover of sx would otherwise find out too late', () => {
  let demo: DemoFleet;
  let walk: Walk;
  const runAll = async (...ids: string[]) => {
    for (const id of ids) expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
  };
  const runWith = async (id: string, more: object) => {
    const { entry, kind } = walk.stepOf(id);
    const step = { ...entry, params: { ...entry.params, ...more } };
    const params = kind.params.parse(step.params);
    const ctx = walk.ctx(step);
    const services = ctx.services.map((service) => ({ ...service, ready_seconds: 3 }));
    await kind.run({ ...ctx, services }, params);
    return kind.check(ctx, params);
  };
  beforeAll(async () => {
    demo = await openDemoFleet(['assets_2']);
    walk = openWalk({ ...demo, system: 'sx', sourceId: 'assets_2' });
    await runAll('preflight', 'snapshot-source', 'export-userdata', 'snapshot-target', 'baseline');
  }, 90_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('a new source cannot bootstrap itself over HTTP: the step says who may ask, and the command line does it', async () => {
    await expect(runWith('bootstrap', { via: 'api', on: 'shadow' })).rejects.toMatchObject({
      message: expect.stringMatching(
        /answered 400: .*not mapped.*name a mapped one in as_source, or bootstrap via cli/s,
      ),
    });
    await runAll('bootstrap', 'import', 'row-diff');
  }, 60_000);

  it('search minds capitals after the switch, and the full-text table stays behind: told as findings that do not block', async () => {
    await runAll('load-check');
    const told = walk.findings.filter(({ code }) => code === 'service_differs');
    expect(told.map(({ message, blocking }) => [message.split(/[.;]/)[0], blocking])).toEqual([
      ['Search minds capitals on PostgreSQL and did not on SQLite', false],
      ['The full-text table is not moved', false],
    ]);
    const left = walk.findings.find(({ table, code }) => table === 'videos_fts' && code === 'object_not_moved');
    expect(left?.message).toMatch(/virtual table videos_fts \(fts5\) with its \d shadow tables is not moved/);
  }, 60_000);

  it('a service that takes requests without a source fails the smoke by that name, not by a status at its first call', async () => {
    await runAll('smoke');
    const loose = await runWith('smoke', { env: { SX_API_REQUIRE_EXPLICIT_SOURCE: 'false' } });
    expect(notPassed(loose)[0]).toMatch(/^failed .*: A request without a source is refused/);
  }, 60_000);
});
