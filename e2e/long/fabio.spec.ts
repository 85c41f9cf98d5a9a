import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '../support/test';
import { driveUntil } from '../support/drive';
import { serviceUrl } from '../support/fleet';
import { home, pageOf } from '../support/people';
import {
  closeWindow,
  planCutover,
  pressPrimary,
  pressUntil,
  rollBack,
  signOff,
  switchNow,
  waitForLoss,
  waitForStep,
} from '../support/walk';

const events = (store: string): string => `${home()}/fleet/data/fabio/${store}/orchestration/events.ndjson`;

/** An owner says something to one store; answers which backend took it. */
async function say(store: string, text: string): Promise<{ status: number; backend: string }> {
  const url = serviceUrl(`fabio-${store}`);
  const request = {
    request_id: randomUUID(),
    tenant_id: 'walk',
    session_id: randomUUID(),
    operation: 'send_message',
    channel: 'ui-chat',
    payload: { text },
  };
  const { status } = await fetch(`${url}/v1/owner-concierge/interaction`, {
    method: 'POST',
    body: JSON.stringify({ request }),
  });
  const health = (await (await fetch(`${url}/health`)).json()) as { orchestration: { backend: string } };
  return { status, backend: health.orchestration.backend };
}

test('a store of files moves to postgres, what stays on files is shown, and the window closes', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const id = await planCutover(operator, 'filial', 'fabio');
  await pressUntil(operator, id, 'auto-migrate-check');

  await test.step('the smoke on a PostgreSQL of its own says what it saw, and that nothing of it is left', async () => {
    await operator.goto(`/cutovers/${id}?step=isolated-smoke`);
    await expect(operator.getByText('The rows are in the three tables, and no others').first()).toBeVisible();
    await expect(operator.getByText('Nothing of the throw-away PostgreSQL is left').first()).toBeVisible();
  });

  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'sign-off');
  await operator.goto(`/cutovers/${id}?step=auto-migrate-check`);
  await expect(operator.getByText(/ORCHESTRATION_PG_AUTO_MIGRATE=false has no effect/).first()).toBeVisible();
  await signOff(reviewer, id, 'sign-off');
  expect(await say('filial', 'agenda antes da troca')).toEqual({ status: 200, backend: 'file' });
  await switchNow(operator, id, 'filial');
  expect(await say('filial', 'agenda depois da troca')).toEqual({ status: 200, backend: 'postgres' });
  expect(readFileSync(events('filial'), 'utf8')).not.toContain('depois da troca');
  expect(statSync(events('filial')).mode & 0o222).toBe(0);

  await closeWindow({ operator, reviewer }, id, 'filial', 4);
  expect(statSync(events('filial')).mode & 0o200).toBe(0o200);

  await test.step('three domains stay on files on purpose', async () => {
    await operator.goto('/profiles/fabio/filial');
    await expect(operator.getByText('Stays where it is')).toBeVisible();
    for (const title of ['Runtime configuration', 'Short memory', 'Episodes'])
      await expect(operator.getByText(title, { exact: true }).first()).toBeVisible();
    await expect(operator.getByText('It has no tables in PostgreSQL.')).toBeVisible();
  });
});

test('a truncated file stops a cutover before anything is moved, and says what its service would do to it', async ({
  browser,
}) => {
  const operator = await pageOf(browser, 'operator');
  const id = await planCutover(operator, 'legado', 'fabio');
  await pressPrimary(operator, id);
  await waitForStep(operator, id, 'preflight', ['failed']);
  await operator.goto(`/cutovers/${id}?step=preflight`);
  // The line of a folded checkpoint says it too.
  const broken = operator.getByText(
    /orchestration\/task-confirmations\.json ends at \d+:\d+ in the middle of an object/,
  );
  await expect(broken.filter({ visible: true }).first()).toBeVisible();
  const overwritten = operator.getByText(/many take such a file for empty and write over it/);
  await expect(overwritten.filter({ visible: true }).first()).toBeVisible();
  const findings = operator.getByRole('region', { name: 'Findings' });
  await findings.getByText('crm_leads', { exact: true }).first().click();
  await expect(findings.getByText('crm_leads.nickname').first()).toBeVisible();
  await expect(
    findings
      .getByRole('button', { name: /^Choose/ })
      .filter({ visible: true })
      .first(),
  ).toBeEnabled();
});

test('a store in a schema that others use goes back to its files, and the card names what is lost', async ({
  browser,
}) => {
  const operator = await pageOf(browser, 'operator');
  const admin = await pageOf(browser, 'admin');
  const id = await driveUntil('matriz', 'freeze', { system: 'fabio', runbook: 'fabio-file-to-postgres' });
  await switchNow(operator, id, 'matriz');
  expect(await say('matriz', 'agenda no postgres')).toEqual({ status: 200, backend: 'postgres' });

  await operator.goto(`/cutovers/${id}?card=rollback`);
  const card = operator.getByRole('dialog');
  // Two commands, two events, one task.
  await waitForLoss(operator, id, 5);
  await expect(card.getByText(/5 rows would be lost/i)).toBeVisible();
  await expect(card.getByText('orchestration_commands').first()).toBeVisible();
  await rollBack({ operator, second: admin }, id, 'matriz', 'rollback-smoke');
  expect(await say('matriz', 'agenda de novo no arquivo')).toEqual({ status: 200, backend: 'file' });
  expect(readFileSync(events('matriz'), 'utf8')).toContain('owner.command.created');
});
