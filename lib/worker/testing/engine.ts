import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { openDb, openPool, type Db } from '@/db/client';
import { migrateControlPlane } from '@/db/migrate';
import { user } from '@/db/schema';
import { deriveSteps, stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import type { VerbContext } from '@/lib/cutover/context';
import { loadCutoverNow } from '@/lib/cutover/load-cutover';
import { planCutover } from '@/lib/cutover/plan-cutover';
import { runStep } from '@/lib/cutover/run-step';
import { signOff } from '@/lib/cutover/sign-off';
import type { CutoverRows } from '@/lib/cutover/rows';
import { bundleOnce } from '@/lib/testing/bundle-once';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { startWorker, type RunningWorker } from '../start-worker';

const root = path.resolve(import.meta.dirname, '../../..');
const runbook = `name: walk
version: 1.0.0
title: Walk
summary: A short walk for tests.
from: OLD
to: NEW
way_back: none
freeze_limit_seconds: 30
phases:
  - { id: prepare, title: Prepare, at_seconds: -60, steps: [{ id: preflight, kind: preflight, planned_seconds: 1 }] }
  - id: load
    title: Load
    at_seconds: -30
    steps:
      - { id: import, kind: import, planned_seconds: 1, limit_seconds: 30, needs: [preflight] }
      - { id: row-diff, kind: row-diff, planned_seconds: 1, needs: [import], on_failure: [repair, retry, override], params: { from: import } }
      - { id: sign-off, kind: sign-off, planned_seconds: 1, needs: [preflight, import, row-diff], params: { covers: switch } }
  - id: switch
    title: Switch
    at_seconds: 0
    sequence: true
    steps:
      - { id: freeze, kind: freeze, planned_seconds: 1, needs: [sign-off] }
      - { id: switch, kind: switch, planned_seconds: 1, needs: [freeze] }
      - { id: canary, kind: canary, planned_seconds: 1, needs: [switch] }
      - { id: thaw, kind: thaw, planned_seconds: 1, needs: [canary] }
  - id: close
    title: Close
    at_seconds: 60
    steps:
      - { id: look, kind: smoke, planned_seconds: 1, needs: [thaw], on_failure: [retry, rollback, override] }
      - { id: checklist, kind: checklist, planned_seconds: 1, needs: [look], params: { items: [{ id: a, text: Seen }] } }
      - { id: close, kind: close, planned_seconds: 1, needs: [checklist] }
rollbacks:
  runtime:
    title: Back
    steps:
      - { id: back-freeze, kind: freeze, planned_seconds: 1 }
      - { id: back-switch, kind: switch, planned_seconds: 1 }
      - { id: back-thaw, kind: thaw, planned_seconds: 1 }
      - { id: back-look, kind: smoke, planned_seconds: 1 }
  data:
    title: Data back
    steps: [{ id: restore, kind: restore, planned_seconds: 1 }]
`;
const fleet = (folder: string): string => `environment: test
allowed_roots: [${folder}]
runbooks: [walk.yaml]
systems:
  - name: sx
    title: sx
    services:
${['one', 'two', 'three']
  .map(
    (name) => `      - name: ${name}
        instances: [http://127.0.0.1:1]
        env_file: ${folder}/${name}.env
        env_allow: [MODE]
        log_file: ${folder}/${name}.log
        restart: { kind: managed, argv: [node, service.mjs], cwd: ${folder} }
        observe: { path: /health, mode: mode, modes: { old: OLD, new: NEW } }
        mode_variable: MODE`,
  )
  .join('\n')}
    profiles:
${[
  ['a', 'one'],
  ['b', 'two'],
  ['c', 'three'],
  ['d', 'three'],
]
  .map(
    ([id, service]) => `      - source_id: ${id}
        service: ${service}
        source: { kind: sqlite-file, path: ${folder}/${id}.sqlite }
        target: { dsn_env: SX_DSN, schema: s_${id} }
        runbook: walk`,
  )
  .join('\n')}
`;

/** Child and worker process. */
const bundle = bundleOnce('engine-test', {
  child: 'lib/worker/testing/child.ts',
  worker: 'lib/worker/testing/worker-process.ts',
});

export type Engine = {
  db: Db;
  url: string;
  home: string;
  operator: VerbContext;
  reviewer: VerbContext;
  admin: VerbContext;
  tell(name: string, content?: string): void;
  untell(name: string): void;
  /** Arms a failpoint; resolves with the pid that stopped there. */
  arm(name: string, content: 'block' | 'kill' | 'error'): void;
  reached(name: string): Promise<number>;
  release(name: string): void;
  journal(): string[];
  startHere(how?: { untakenMs: number; leave(code: number): void }): Promise<RunningWorker>;
  /** @param clock how far its clock is ahead of the database's, below 0 behind; after how long without a beat it is dead */
  startProcess(clock?: { aheadMs: number; deadMs: number }): Promise<ChildProcess>;
  plan(sourceId?: string): Promise<string>;
  rows(id: string): Promise<CutoverRows>;
  step(id: string, stepId: string): Promise<DerivedStep>;
  until(id: string, holds: (rows: CutoverRows, steps: DerivedStep[]) => boolean, what?: string): Promise<CutoverRows>;
  press(id: string, stepId: string, ctx?: VerbContext): Promise<string>;
  pass(id: string, stepId: string): Promise<void>;
  sign(id: string): Promise<void>;
  walkToSwitch(id: string): Promise<void>;
};

/** A module that sets the clock of its process wrong. */
const shiftedClock = (ms: number): string =>
  `data:text/javascript,${encodeURIComponent(`const Right = Date; globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + ${ms}); }
    static now() { return Right.now() + ${ms}; } };`)}`;

/** Waits for a fact of the database, never for time. */
async function eventually<T>(look: () => Promise<T | null>, what: string, ms = 45_000): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > until) throw new Error(`never happened: ${what}`);
    await sleep(25);
  }
}

/** An engine on a database, a fleet file and a data folder of its own. */
export async function testEngine(): Promise<Engine> {
  const built = await bundle();
  const database = await testDatabase('engine');
  const home = tempDir('engine');
  const failpoints = path.join(home, 'failpoints');
  mkdirSync(failpoints);
  writeFileSync(path.join(home, 'walk.yaml'), runbook);
  writeFileSync(path.join(home, 'fleet.yaml'), fleet(home));
  Object.assign(process.env, {
    CUTOVER_HOME: home,
    CUTOVER_FLEET: path.join(home, 'fleet.yaml'),
    CUTOVER_FAILPOINTS: failpoints,
  });
  await migrateControlPlane(database.dsn, path.join(root, 'db/migrations'));
  const pool = openPool(database.dsn);
  const db = openDb(pool);
  onTestFinished(() => pool.end());
  const person = (id: string, roles: VerbContext['actor']['roles']): VerbContext => ({
    actor: { id, name: id, roles },
    db,
  });
  const people = {
    operator: person('olga', ['operator']),
    reviewer: person('rita', ['reviewer']),
    admin: person('adam', ['admin']),
  };
  await db
    .insert(user)
    .values([...['olga', 'rita', 'adam', 'otto', 'both'].map((id) => ({ id, name: id, email: `${id}@example.org` }))]);

  const engine: Engine = {
    db,
    url: database.dsn,
    home,
    ...people,
    tell: (name, content = '') => writeFileSync(path.join(home, name), content),
    untell: (name) => rmSync(path.join(home, name), { force: true }),
    arm: (name, content) => writeFileSync(path.join(failpoints, name), content),
    reached: (name) =>
      eventually(async () => {
        const file = path.join(failpoints, `${name}.hit`);
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        return text ? Number(text) : null;
      }, `failpoint ${name}`),
    release: (name) => {
      for (const file of [name, `${name}.hit`]) rmSync(path.join(failpoints, file), { force: true });
    },
    journal: () =>
      existsSync(path.join(home, 'journal')) ? readFileSync(path.join(home, 'journal'), 'utf8').trim().split('\n') : [],
    async startHere({ untakenMs, leave } = { untakenMs: 60_000, leave: () => undefined }) {
      const worker = await startWorker({
        url: database.dsn,
        home,
        childPath: path.join(built, 'child.mjs'),
        // Nobody kills the process of the test: late by a busy machine, it must not be taken for dead.
        settings: { beatMs: 100, deadMs: 20_000, pollMs: 200, untakenMs },
        secrets: () => ({}),
        allowedRoots: () => [home],
        leave,
      });
      onTestFinished(() => worker.stop());
      return worker;
    },
    async startProcess({ aheadMs, deadMs } = { aheadMs: 0, deadMs: 800 }) {
      const child = fork(path.join(built, 'worker.mjs'), [], {
        env: {
          ...process.env,
          DATABASE_URL: database.dsn,
          TEST_CHILD: path.join(built, 'child.mjs'),
          TEST_BEAT_MS: '100',
          TEST_DEAD_MS: String(deadMs),
        },
        execArgv: aheadMs ? ['--import', shiftedClock(aheadMs)] : [],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
      await new Promise((resolve, reject) => {
        child.once('message', resolve);
        child.once('exit', reject);
      });
      return child;
    },
    plan: async (sourceId = 'a') =>
      (
        await planCutover({
          ctx: people.operator,
          input: { system: 'sx', sourceId, runbook: 'walk', t0: new Date(Date.now() + 3_600_000) },
        })
      ).cutoverId,
    rows: (id) => loadCutoverNow(db, id),
    step: async (id, stepId) => stepOf(deriveSteps(await loadCutoverNow(db, id)), stepId) as DerivedStep,
    until: (id, holds, what = 'the state') =>
      eventually(async () => {
        const rows = await loadCutoverNow(db, id);
        return holds(rows, deriveSteps(rows)) ? rows : null;
      }, what),
    async press(id, stepId, ctx = people.operator) {
      await engine.until(
        id,
        (_, steps) => {
          const step = stepOf(steps, stepId);
          if (step?.planAttempt?.error && !step.live)
            throw new Error(`plan of ${stepId}: ${JSON.stringify(step.planAttempt.error)}`);
          return Boolean(step?.plan && !step.live && step.planAttempt?.state === 'done');
        },
        `a plan of ${stepId}`,
      );
      const { plan } = await engine.step(id, stepId);
      return (
        await runStep({
          ctx,
          input: { cutoverId: id, stepId, planDigest: plan?.digest, typedId: (await engine.rows(id)).cutover.sourceId },
        })
      ).attemptId;
    },
    async pass(id, stepId) {
      await engine.press(id, stepId);
      await engine.until(id, (_, steps) => stepOf(steps, stepId)?.status === 'passed', `${stepId} passed`);
    },
    async sign(id) {
      const { fingerprint } = await engine.step(id, 'sign-off');
      await signOff({
        ctx: people.reviewer,
        input: { cutoverId: id, stepId: 'sign-off', decision: 'signed', fingerprint: fingerprint?.digest ?? '' },
      });
    },
    async walkToSwitch(id) {
      for (const stepId of ['preflight', 'import', 'row-diff']) await engine.pass(id, stepId);
      await engine.sign(id);
    },
  };
  return engine;
}
