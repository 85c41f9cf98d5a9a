import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CutoverError, toFacts } from '@/lib/errors';
import { readTarget } from '@/lib/services/read-target';
import { redact } from '@/lib/shared/redact';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { tempDir } from '@/lib/testing/databases';
import { logFile, openLogWriter } from '@/lib/worker/log-writer';

const canary = 'Canary-7&é 4711';
const encoded = encodeURIComponent(canary);
/** A DSN in every form that people paste; nobody listens at any of them. */
const formats = [
  `postgres://app:${encoded}@127.0.0.1:1/db`,
  `postgresql://app:${encoded}@127.0.0.1:1/db?sslmode=require`,
  `postgres://app:${encoded}@[::1]:1/db`,
  `postgres://app:${encoded}@localhost/db?port=1`,
  `postgres://app:${encoded}@127.0.0.1:99999/db`,
  `postgres://app:${encoded}@host with spaces:1/db`,
  `postgres://app:${encoded}@/db?host=/nowhere`,
  `POSTGRES://app:${encoded}@127.0.0.1:1/db`,
  `mysql://app:${encoded}@127.0.0.1:1/db`,
  `host=127.0.0.1 port=1 user=app password='${canary}' dbname=db`,
  `postgres://127.0.0.1:1/db?user=app&password=${encoded}`,
  `jdbc:postgresql://127.0.0.1:1/db?user=app&password=${encoded}`,
];
let plane: TestControlPlane;
beforeAll(async () => {
  plane = await openControlPlane('secrets');
});
afterAll(() => plane.close());

it.each(formats.map((dsn, index) => [index + 1, dsn] as const))(
  'form %i of a wrong DSN is refused without its password',
  async (_, dsn) => {
    const reading = await readTarget({ name: 'PG_DSN', dsn, makesSchemas: true, binDir: process.env.PG_BIN_DIR });
    const raised = new CutoverError(
      { code: 'target_unreachable', message: `no answer: ${dsn}`, advice: `See ${dsn}.` },
      { cause: new Error(dsn) },
    );
    const told = [JSON.stringify(reading), JSON.stringify(toFacts(raised)), redact(`psql ${dsn} failed`)].join('\n');
    expect(reading.error?.code ?? 'none').toMatch(/^(dsn_|target_)/);
    expect(told).not.toContain(canary);
    expect(told).not.toContain(encoded);
  },
  30_000,
);

it('a line of a log is one line, whatever was said in it', async () => {
  const home = tempDir('log');
  const writer = openLogWriter(plane.db, home, { id: 'none', epoch: 1 });
  const said = 'good\r\nSet-Cookie: a=b\rover\nthe end\u2028next\u0085more\u001b[2J';
  writer.write({ at: '2026-01-01T00:00:00.000Z', level: 'info', stream: 'out', text: said });
  await writer.close();
  await expect.poll(() => readFileSync(logFile(home, 'none'), 'utf8')).toContain('the end');
  const text = readFileSync(path.join(home, 'logs', 'none.log'), 'utf8');
  for (const line of text.trimEnd().split(/\r\n|[\n\r\u2028\u2029\u0085]/))
    expect(line).toMatch(/^2026-01-01T00:00:00\.000Z info out /);
  for (const control of ['\r', '\u001b']) expect(text).not.toContain(control);
});
