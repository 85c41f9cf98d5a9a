import { expect, test } from '@playwright/test';

const url = process.env.CUTOVER_E2E_URL ?? '';

test('answers with the id of its control plane, and with a policy that lets no foreign script run', async ({
  request,
}) => {
  const answer = await request.get(`${url}/api/health`);
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({ ok: true, instance: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(answer.headers()['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/);
});

test('refuses a foreign host name and a post from elsewhere', async ({ request }) => {
  expect((await request.get(`${url}/api/health`, { headers: { host: 'evil.example' } })).status()).toBe(421);
  expect((await request.post(`${url}/`, { headers: { origin: 'http://evil.example' } })).status()).toBe(403);
});
