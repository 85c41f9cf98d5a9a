import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import * as audit from '@/app/(console)/audit/actions';
import { type ActionStage, formOf, openActionStage } from '@/lib/testing/action-stage';
import { tempDir } from '@/lib/testing/databases';
import { auditLines } from './audit-lines';

vi.mock('next/headers', () => import('@/lib/testing/browser'));

let stage: ActionStage;
beforeAll(async () => {
  stage = await openActionStage('audit_page');
});
afterAll(() => stage.plane.close());
beforeEach(() => stage.begin());

it('exports the chain as the standalone verifier reads it', async () => {
  const file = join(tempDir('audit'), 'audit.ndjson');
  writeFileSync(file, await new Response(auditLines(stage.plane.db)).text());
  const { status, stdout, stderr } = spawnSync(process.execPath, ['lib/audit/verify-file.mjs', file], {
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
});

it('verifies the chain, and names the entry that was changed behind its back', async () => {
  await stage.asPerson('reviewer');
  const good = await audit.verifyAuditAction({ ok: null, nextKey: '' }, formOf({}));
  expect(good).toMatchObject({
    ok: true,
    message: expect.stringMatching(/^\d+ entr(y|ies) verified: every hash follows/),
  });
  await stage.plane.db.execute(sql`alter table audit_entry disable trigger user`);
  await stage.plane.db.execute(sql`update audit_entry set summary = 'Nothing happened' where n = 1`);
  expect(await audit.verifyAuditAction({ ok: null, nextKey: '' }, formOf({}))).toMatchObject({
    ok: false,
    error: { code: 'audit_broken', message: expect.stringContaining('entry 1') },
  });
});
