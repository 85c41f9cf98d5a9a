import { expect, it } from 'vitest';
import { testEngine } from './testing/engine';
import { watchHeld } from './watch-held';
import type { Held } from './worker-env';

function heldBy(killed: string[], id: string): Held {
  const child = {
    pid: undefined,
    perform: () => Promise.reject(new Error('not asked for')),
    stop: () => undefined,
    kill: () => void killed.push(id),
    alive: () => true,
  };
  return { epoch: 1, child, cancelled: false, lost: false };
}

it('judges only what it asked about and what is still held: not an attempt taken, nor one ended, while it read', async () => {
  const { db } = await testEngine();
  const killed: string[] = [];
  const [lost, ended, taken] = ['lost', 'ended', 'taken'].map((id) => heldBy(killed, id)) as [Held, Held, Held];
  const held = new Map([
    ['00000000-0000-4000-8000-000000000001', lost],
    ['00000000-0000-4000-8000-000000000002', ended],
  ]);
  const looking = watchHeld({ db, held });
  held.delete('00000000-0000-4000-8000-000000000002');
  held.set('00000000-0000-4000-8000-000000000003', taken);
  await looking;
  expect(killed).toEqual(['lost']);
  expect([lost.lost, ended.lost, taken.lost]).toEqual([true, false, false]);
});
