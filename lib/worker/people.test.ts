import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { signOff as signOffTable } from '@/db/schema';
import { confirmOutsideAct } from '@/lib/cutover/confirm-outside-act';
import { confirmOverride } from '@/lib/cutover/confirm-override';
import { overrideStep } from '@/lib/cutover/override-step';
import { runStep } from '@/lib/cutover/run-step';
import { signOff } from '@/lib/cutover/sign-off';
import type { VerbContext } from '@/lib/cutover/context';
import type { Role } from '@/lib/shared/statuses';
import { importActs } from './import-acts';
import { testEngine, type Engine } from './testing/engine';

const as = (engine: Engine, id: string, ...roles: Role[]): VerbContext => ({
  db: engine.db,
  actor: { id, name: id, roles },
});

describe('people', () => {
  it('never sign what they ran nor run what they signed: refused by the verb, and by the database behind it', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    const both = as(engine, 'both', 'operator', 'reviewer', 'admin');
    await engine.press(id, 'preflight', both);
    for (const stepId of ['import', 'row-diff']) await engine.pass(id, stepId);
    const { fingerprint } = await engine.step(id, 'sign-off');
    const input = {
      cutoverId: id,
      stepId: 'sign-off',
      decision: 'signed' as const,
      fingerprint: fingerprint?.digest ?? '',
    };
    await expect(signOff({ ctx: both, input })).rejects.toMatchObject({ code: 'own_work' });
    await expect(signOff({ ctx: engine.operator, input })).rejects.toMatchObject({ code: 'role_missing' });
    await expect(signOff({ ctx: engine.reviewer, input: { ...input, fingerprint: 'older' } })).rejects.toMatchObject({
      code: 'sign_off_stale',
    });
    await expect(
      engine.db.insert(signOffTable).values({
        id: 'x',
        cutoverId: id,
        stepId: 'sign-off',
        decision: 'signed',
        fingerprint: 'f',
        parts: {},
        by: 'both',
      }),
    ).rejects.toMatchObject({ cause: { code: '23001' } });
    await signOff({ ctx: as(engine, 'rita', 'reviewer', 'operator'), input });
    await engine.until(id, ({ plans }) => plans.some(({ stepId }) => stepId === 'freeze'), 'the plan of the switch');
    const { plan } = await engine.step(id, 'freeze');
    const press = { cutoverId: id, stepId: 'freeze', planDigest: plan?.digest, typedId: 'a' };
    await engine.until(
      id,
      ({ attempts }) => !attempts.some(({ state }) => ['queued', 'running', 'checking'].includes(state)),
      'quiet',
    );
    await expect(runStep({ ctx: as(engine, 'rita', 'reviewer', 'operator'), input: press })).rejects.toMatchObject({
      code: 'own_work',
    });
    await expect(runStep({ ctx: engine.operator, input: { ...press, typedId: 'b' } })).rejects.toMatchObject({
      code: 'typed_id_differs',
    });
  });

  it('go past a failed step only as admin with a second person behind them', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.pass(id, 'preflight');
    await engine.pass(id, 'import');
    engine.tell('differ-row-diff');
    await engine.press(id, 'row-diff');
    await engine.until(id, (_, steps) => steps.find((step) => step.id === 'row-diff')?.status === 'failed', 'failed');
    const input = { cutoverId: id, stepId: 'row-diff', reason: 'known', typedId: 'a' };
    await expect(overrideStep({ ctx: engine.operator, input })).rejects.toMatchObject({ code: 'role_missing' });
    await expect(overrideStep({ ctx: engine.admin, input: { ...input, reason: ' ' } })).rejects.toMatchObject({
      code: 'reason_missing',
    });
    await overrideStep({ ctx: engine.admin, input });
    expect((await engine.step(id, 'row-diff')).status).toBe('failed');
    await expect(
      confirmOverride({ ctx: engine.admin, input: { cutoverId: id, stepId: 'row-diff' } }),
    ).rejects.toMatchObject({ code: 'second_person_needed' });
    await confirmOverride({ ctx: engine.reviewer, input: { cutoverId: id, stepId: 'row-diff' } });
    expect((await engine.step(id, 'row-diff')).status).toBe('overridden');
  });
});

describe('a rollback made outside', () => {
  it('is taken in once, ends what it overtook, and holds every start until a person confirms it', async () => {
    const engine = await testEngine();
    const worker = await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    engine.arm('step:canary', 'block');
    await engine.press(id, 'freeze');
    await engine.until(id, ({ cutover }) => cutover.state === 'switched', 'switched');
    await engine.until(
      id,
      ({ attempts }) =>
        attempts.some(({ stepId, verb, progress }) => stepId === 'canary' && verb === 'run' && progress),
      'canary runs',
    );
    const folder = path.join(engine.home, 'flight/acts');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, '1.json'),
      JSON.stringify({
        version: 1,
        act: 'rollback',
        cutoverId: id,
        system: 'sx',
        sourceId: 'a',
        by: 'root',
        reason: 'all was down',
        at: new Date().toISOString(),
        targetFenced: false,
        observed: 'OLD',
        log: [],
      }),
    );
    expect(await importActs(engine.db, engine.home)).toBe(1);
    expect(await importActs(engine.db, engine.home)).toBe(0);
    expect(readdirSync(path.join(folder, 'taken'))).toEqual(['1.json']);
    const rows = await engine.rows(id);
    expect(rows.cutover.state).toBe('rolled_back');
    expect(rows.attempts.find(({ stepId, verb }) => stepId === 'canary' && verb === 'run')?.state).toBe('interrupted');
    await engine.until(id, () => worker.env.held.size === 0, 'the worker let go');
    expect((await engine.step(id, 'restore')).gate.code).toBe('outside_act_unconfirmed');
    await confirmOutsideAct({ ctx: engine.operator, input: { cutoverId: id } });
    expect((await engine.step(id, 'restore')).gate.open).toBe(true);
    const audit = await engine.db.execute<{ actor: string }>(
      sql`select actor from audit_entry where act = 'roll-back-outside'`,
    );
    expect(audit.rows).toEqual([{ actor: 'root' }]);
  });
});
