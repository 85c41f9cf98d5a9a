import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { auditEntry } from '@/db/schema';
import { stepOf } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { type Engine, testEngine } from './testing/engine';

const runbook = `name: walk
version: 1.0.0
title: Restore in place
summary: Nothing is switched.
from: NEW
to: NEW
way_back: none
freeze_limit_seconds: 30
phases:
  - { id: prepare, title: Prepare, at_seconds: -60, steps: [{ id: preflight, kind: preflight, planned_seconds: 1 }] }
  - id: restore
    title: Restore
    at_seconds: 0
    sequence: true
    steps:
      - { id: quiesce, kind: freeze, planned_seconds: 1, needs: [preflight] }
      - { id: stop, kind: stop-service, planned_seconds: 1 }
      - { id: restore, kind: restore, planned_seconds: 1 }
      - { id: start, kind: start-service, planned_seconds: 1 }
      - { id: thaw, kind: thaw, planned_seconds: 1 }
  - { id: close, title: Close, at_seconds: 60, steps: [{ id: close, kind: close, planned_seconds: 1, needs: [thaw] }] }
rollbacks:
  runtime:
    title: Back
    steps: [{ id: back-freeze, kind: freeze, planned_seconds: 1 }, { id: back-thaw, kind: thaw, planned_seconds: 1 }]
`;

async function planned(): Promise<{ engine: Engine; id: string }> {
  const engine = await testEngine();
  writeFileSync(path.join(engine.home, 'walk.yaml'), runbook);
  await engine.startHere();
  const id = await engine.plan();
  await engine.pass(id, 'preflight');
  return { engine, id };
}
const undone = (engine: Engine): string[] =>
  engine
    .journal()
    .filter((line) => line.startsWith('undo'))
    .map((line) => line.split(' ')[1] ?? '');
const took =
  (stepId: string, state: string) =>
  ({ attempts }: CutoverRows): boolean =>
    attempts.some((one) => one.stepId === stepId && one.verb === 'undo' && one.state === state);

it('has T-0 behind it once users are let through, says what was started, and closes', async () => {
  const { engine, id } = await planned();
  await engine.press(id, 'quiesce');
  const rows = await engine.until(
    id,
    ({ cutover }, steps) => cutover.state === 'switched' && stepOf(steps, 'thaw')?.status === 'passed',
    'let through',
  );
  expect(rows.cutover.frozenMs).toBeGreaterThan(0);
  await expect(engine.press(id, 'preflight')).rejects.toThrow(/has been switched/);
  await engine.press(id, 'close');
  await engine.until(id, ({ cutover }) => cutover.state === 'closed', 'closed');
  const said = (await engine.db.select().from(auditEntry)).map(({ summary }) => summary);
  expect(said).toContain('Started: Restore');
  expect(said.some((text) => /switch to/.test(text))).toBe(false);
});

it('takes back in reverse what a failure under the hold leaves, the restore before the service comes up again', async () => {
  const { engine, id } = await planned();
  engine.tell('fail-start', 'The schema is refused.');
  await engine.press(id, 'quiesce');
  const rows = await engine.until(id, took('quiesce', 'done'), 'taken back');
  expect(undone(engine)).toEqual(['start', 'restore', 'stop', 'quiesce']);
  expect(rows.cutover.state).toBe('open');
});

it('starts no service on a restore that could not be taken back: a person is needed', async () => {
  const { engine, id } = await planned();
  engine.tell('fail-start');
  engine.tell('undo-fail-restore');
  await engine.press(id, 'quiesce');
  await engine.until(id, took('restore', 'failed'), 'the return stops');
  expect(undone(engine)).toEqual(['start', 'restore']);
});
