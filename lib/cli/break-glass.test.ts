import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTarget } from '@/lib/dataplane';
import { observeProfile } from '@/lib/services/observe';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { notPassed, openWalk } from '@/lib/testing/walk-context';
import { findFlightCard, rollBackFromCard } from './break-glass';

/** What a switch needs at least; the walks of these systems prove the rest. sx, orcheo and oris have theirs in their own walks. */
const steps = ['snapshot-source', 'snapshot-target', 'bootstrap', 'import', 'freeze', 'fence', 'switch', 'thaw'];

describe('break-glass', () => {
  let demo: DemoFleet;
  beforeAll(async () => {
    demo = await openDemoFleet(['fabio/filial', 'humanonly/lounge'], ['fabio', 'humanonly']);
  }, 60_000);
  afterAll(async () => {
    await demo?.close();
  });

  it.each([
    {
      system: 'fabio',
      sourceId: 'filial',
      from: 'file',
      to: 'postgres',
      write: 'update customers set display_name = $1',
    },
    { system: 'humanonly', sourceId: 'lounge', from: 'sqlite', to: 'postgres', write: 'update posts set body = $1' },
  ])(
    'brings $system back from its flight card alone: env text, fence, service, and a target that takes no more',
    async ({ system, sourceId, from, to, write }) => {
      const walk = openWalk({ ...demo, system, sourceId, cutoverId: `glass-${system}` });
      const { profile, service } = walk.fleet.find(system, sourceId);
      if (!service) throw new Error('no service');
      const observed = async () => (await observeProfile(profile, service, demo.secret)).observed;
      const envBefore = demo.envText(service.name);
      for (const id of steps) {
        expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
      }
      expect(await observed()).toBe(to);
      const said: string[] = [];
      const act = await rollBackFromCard(findFlightCard(system, sourceId), {
        reason: 'the control plane is down',
        secret: demo.secret,
        say: (text) => said.push(text),
      });
      expect({ ...act, log: [] }).toMatchObject({ act: 'rollback', observed: from, targetFenced: true });
      expect(said.join('\n')).toContain('fence lifted');
      expect(await observed()).toBe(from);
      expect(demo.envText(service.name)).toBe(envBefore);
      expect(notPassed(await walk.run('rollback-verify'))).toEqual([]);
      const late = withTarget(demo.secret(profile.target.dsn_env), async (client) => {
        await client.query("select set_config('search_path', $1, false)", [profile.target.schema]);
        await client.query(write, ['late']);
      });
      await expect(late).rejects.toThrow(/fence/);
    },
    60_000,
  );
});
