import { expect, it } from 'vitest';
import { walkRunbook } from '@/lib/cutover/walk-runbook';
import { readRunbook } from '@/lib/fleet/load';
import { limitMs, placesToPlan } from './attempt-limit';

const placesOf = () =>
  walkRunbook(readRunbook('lib/runbooks/fabio-file-to-postgres.yaml', 'fabio-file-to-postgres').runbook);

it('gives the plan of a rollback the time of all its steps, and the freeze itself only its own', () => {
  const places = placesOf();
  const first = places.find(({ step }) => step.id === 'rollback-freeze');
  if (!first) throw new Error('no rollback');
  expect(placesToPlan(places, first)).toHaveLength(6);
  expect(limitMs(places, first, 'run')).toBe(15_000);
  expect(limitMs(places, first, 'plan')).toBeGreaterThan(200_000);
});

it('never ends a plan before a minute is over', () => {
  const places = placesOf();
  const thaw = places.find(({ step }) => step.id === 'rollback-thaw');
  if (!thaw) throw new Error('no thaw');
  expect([limitMs(places, thaw, 'undo'), limitMs(places, thaw, 'plan')]).toEqual([30_000, 60_000]);
});

it('lets no plan hang for as long as its step may take, unless the runbook gives it that time', () => {
  const places = placesOf();
  const load = places.find(({ step }) => step.limit_seconds > 600 && !step.plan_limit_seconds);
  if (!load) throw new Error('no long step');
  expect(limitMs(places, load, 'plan')).toBe(600_000);
  const patient = { ...load, step: { ...load.step, plan_limit_seconds: 3600 } };
  expect(limitMs(places, patient, 'plan')).toBe(3_600_000);
});
