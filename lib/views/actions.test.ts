import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as admin from '@/app/(console)/admin/actions';
import { changePasswordAction } from '@/app/(console)/account/actions';
import * as audit from '@/app/(console)/audit/actions';
import { moveFileAction } from '@/app/(console)/move/actions';
import { planCutoverAction, planWaveAction } from '@/app/(console)/cutovers/actions';
import * as wizard from '@/app/(console)/cutovers/[cutoverId]/actions';
import * as reviews from '@/app/(console)/reviews/actions';
import { breakSomethingAction, switchPersonAction } from '@/app/(console)/shell-actions';
import { type ActionStage, type Fields, openActionStage, press } from '@/lib/testing/action-stage';
import { password } from '@/lib/testing/control-plane';
import type { FormAction } from './action-result';

vi.mock('next/headers', () => import('@/lib/testing/browser'));

let stage: ActionStage;
beforeAll(async () => {
  stage = await openActionStage('actions');
});
afterAll(() => stage.plane.close());
beforeEach(() => stage.begin());

/** Everything that an action could change, as one text; limits and sessions move by themselves. */
async function world(): Promise<string> {
  const tables = [
    'cutover',
    'attempt',
    'audit_entry',
    'sign_off',
    'note',
    'checklist_tick',
    'override',
    'second_person',
    'finding',
    'command',
    'review_look',
    '"user"',
    'cutover_event',
  ];
  const found = await stage.plane.db.execute<{ all: string }>(
    sql.raw(
      `select concat_ws('|', ${tables.map((table) => `(select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ${table} t)`).join(', ')}) as all`,
    ),
  );
  return found.rows[0]?.all ?? '';
}

type Case = {
  name: string;
  action: FormAction;
  fields: () => Fields;
  /** Every role that may not. */
  refused: ('operator' | 'reviewer' | 'admin')[];
};
const on =
  (more: Fields = {}) =>
  (): Fields => ({ key: randomUUID(), cutoverId: stage.seeded.id, ...more });
const cases: Case[] = [
  {
    name: 'run step',
    action: wizard.runStepAction,
    fields: on({ stepId: 'preflight', planDigest: 'x' }),
    refused: ['reviewer', 'admin'],
  },
  { name: 'make plan', action: wizard.makePlanAction, fields: on({ stepId: 'preflight' }), refused: ['reviewer'] },
  { name: 'cancel', action: wizard.cancelAttemptAction, fields: on({ attemptId: 'none' }), refused: ['reviewer'] },
  { name: 'ask for a second person', action: wizard.askSecondPersonAction, fields: on(), refused: ['reviewer'] },
  {
    name: 'choose rule',
    action: wizard.chooseRuleAction,
    fields: on({ findingKey: 'k', rule: 'r' }),
    refused: ['reviewer', 'admin'],
  },
  {
    name: 'tick item',
    action: wizard.tickItemAction,
    fields: on({ stepId: 'checklist', itemId: 'plugin-ux', note: 'seen' }),
    refused: ['admin'],
  },
  { name: 'add note', action: wizard.addNoteAction, fields: on({ text: 'hello' }), refused: [] },
  {
    name: 'remind reviewers',
    action: wizard.remindReviewersAction,
    fields: on({ stepId: 'sign-off' }),
    refused: ['reviewer'],
  },
  {
    name: 'roll back',
    action: wizard.rollBackAction,
    fields: on({ kind: 'runtime', typedId: 'assets_1' }),
    refused: ['reviewer'],
  },
  {
    name: 'second person',
    action: wizard.confirmSecondPersonAction,
    fields: on({ act: 'rollback', planDigest: 'x' }),
    refused: [],
  },
  {
    name: 'override',
    action: wizard.overrideStepAction,
    fields: on({ stepId: 'smoke', reason: 'because', typedId: 'assets_1' }),
    refused: ['operator', 'reviewer'],
  },
  { name: 'confirm override', action: wizard.confirmOverrideAction, fields: on({ stepId: 'smoke' }), refused: [] },
  { name: 'abandon', action: wizard.abandonAction, fields: on({ typedId: 'assets_1' }), refused: ['reviewer'] },
  { name: 'adopt files', action: wizard.adoptFilesAction, fields: on(), refused: ['reviewer'] },
  { name: 'confirm outside act', action: wizard.confirmOutsideActAction, fields: on(), refused: ['reviewer'] },
  {
    name: 'plan a cutover',
    action: planCutoverAction,
    fields: () => ({
      key: randomUUID(),
      system: 'sx',
      sourceId: 'assets_2',
      runbook: 'sx-postgres-primary',
      t0: '2026-12-01T02:30:00Z',
    }),
    refused: ['reviewer', 'admin'],
  },
  {
    name: 'plan a wave',
    action: planWaveAction,
    fields: () => ({
      key: randomUUID(),
      profile: ['["sx","assets_2"]', '["sx","assets_3"]'],
      t0: '2026-12-01T02:30:00Z',
      gapMinutes: '15',
    }),
    refused: ['reviewer', 'admin'],
  },
  {
    name: 'move one file',
    action: moveFileAction,
    fields: () => ({ key: randomUUID(), fileId: 'none', dsnName: 'NONE_DSN', schema: 'moved' }),
    refused: ['reviewer', 'admin'],
  },
  {
    name: 'sign off',
    action: reviews.signOffAction,
    fields: on({ stepId: 'sign-off', decision: 'signed', fingerprint: 'f' }),
    refused: ['operator', 'admin'],
  },
  {
    name: 'look',
    action: reviews.lookAction,
    fields: () => ({ cutoverId: stage.seeded.id, stepId: 'sign-off' }),
    refused: [],
  },
  {
    name: 'add a person',
    action: admin.createPersonAction,
    fields: () => ({
      key: randomUUID(),
      name: 'Eve',
      email: 'eve@example.org',
      password,
      roles: ['admin', 'operator'],
    }),
    refused: ['operator', 'reviewer'],
  },
  {
    name: 'deactivate a person',
    action: admin.deactivatePersonAction,
    fields: () => ({ key: randomUUID(), personId: stage.people.other.id }),
    refused: ['operator', 'reviewer'],
  },
  {
    name: 'let a person in again',
    action: admin.reactivatePersonAction,
    fields: () => ({ key: randomUUID(), personId: stage.people.other.id }),
    refused: ['operator', 'reviewer'],
  },
  {
    name: 'remove a person',
    action: admin.removePersonAction,
    fields: () => ({ key: randomUUID(), personId: stage.people.other.id }),
    refused: ['operator', 'reviewer'],
  },
  {
    name: 'make a password link',
    action: admin.makeResetLinkAction,
    fields: () => ({ key: randomUUID(), personId: stage.people.other.id }),
    refused: ['operator', 'reviewer'],
  },
  {
    name: 'check again',
    action: admin.checkAgainAction,
    fields: () => ({ key: randomUUID() }),
    refused: ['reviewer'],
  },
  {
    name: 'change the own password',
    action: changePasswordAction,
    fields: () => ({ key: randomUUID(), current: password, password: 'another horse battery' }),
    refused: [],
  },
  {
    name: 'give roles of sign-offs',
    action: admin.giveSignRolesAction,
    fields: () => ({ key: randomUUID(), personId: stage.people.other.id }),
    refused: ['operator', 'reviewer'],
  },
  {
    name: 'set roles',
    action: admin.setRolesAction,
    fields: () => ({ key: randomUUID(), personId: stage.people.other.id, roles: 'admin' }),
    refused: ['operator', 'reviewer'],
  },
];

/** Actions that take no part in the table: each has tests of its own. */
const elsewhere = [
  'verifyAuditAction',
  'switchPersonAction',
  'breakSomethingAction',
  'signOutAction',
  'signInAction',
  'setupAction',
  'newPasswordAction',
];

it('leaves no action of any page out', () => {
  const files = readdirSync('app', { recursive: true })
    .map(String)
    .filter((name) => /actions\.ts$/.test(name));
  const exported = files.flatMap((name) =>
    [...readFileSync(join('app', name), 'utf8').matchAll(/^export async function (\w+)/gm)].map(
      ([, found]) => found ?? '',
    ),
  );
  expect(exported.length).toBeGreaterThan(20);
  const tried = new Set([...cases.map(({ action }) => action.name), ...elsewhere]);
  expect(exported.filter((name) => !tried.has(name))).toEqual([]);
});

const wrongRoles = cases.flatMap(({ name, action, fields, refused }) =>
  refused.map((role) => ({ name, action, fields, role })),
);
it.each(wrongRoles)('$name refuses who is only $role, and nothing changes', async ({ action, fields, role }) => {
  await stage.asPerson(role);
  const before = await world();
  expect(await press(action, fields())).toBe('role_missing');
  expect(await world()).toBe(before);
});

describe.each(cases)('$name', ({ action, fields }) => {
  it('refuses a stranger, and nothing changes', async () => {
    const before = await world();
    expect(await press(action, fields())).toBe('not_signed_in');
    expect(await world()).toBe(before);
  });
  it('refuses wrong types, and nothing changes', async () => {
    await stage.asPerson('operator');
    const before = await world();
    const names = Object.keys(fields());
    for (const name of names) {
      const given = { ...fields(), [name]: ['', 'x'.repeat(9000)] };
      expect(['input_invalid', 'role_missing', 'typed_id_differs', 'state_forbids', 'plan_missing'], name).toContain(
        await press(action, given),
      );
    }
    expect(await press(action, {})).toBe('input_invalid');
    const noForm = await action({ ok: null, nextKey: '' }, { cutoverId: stage.seeded.id } as unknown as FormData);
    expect(noForm).toMatchObject({ ok: false, error: { code: 'input_invalid' } });
    expect(await world()).toBe(before);
  });
});

it('refuses strangers to verify the chain, to switch persons and to break something', async () => {
  expect(await press(breakSomethingAction, { key: randomUUID(), what: 'worker' })).toBe('not_signed_in');
  expect(await press(audit.verifyAuditAction, {})).toBe('not_signed_in');
  expect(await press(switchPersonAction, { email: 'operator@demo.localhost' })).toBe('not_signed_in');
});
