import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { commandLine } from './testing/command-line';
import { allText, shop } from './testing/shop';

it('takes the password from PGPASSFILE or a service file, and keeps it in no file', async () => {
  const line = await commandLine();
  line.file('shop.db', shop);
  const url = new URL(line.database.dsn);
  const bare = `postgres://${url.username}@${url.host}${url.pathname}`;
  writeFileSync(
    path.join(line.home, '.pgpass'),
    `# mine\nother:*:*:*:x\n${url.hostname}:${url.port}:*:${url.username}:${url.password}\n`,
    { mode: 0o600 },
  );
  writeFileSync(
    path.join(line.home, '.pg_service.conf'),
    `[other]\nhost=nowhere\n[mine]\nhost=${url.hostname}\nport=${url.port}\ndbname=${url.pathname.slice(1)}\nuser=${url.username}\n`,
  );
  expect((await line.cutover('run', 'shop.db', '--to', bare, '--schema', 'one', '--yes')).code).toBe(0);
  expect((await line.cutover('check', 'shop.db', '--to', 'service:mine', '--schema', 'two')).code).toBe(0);
  rmSync(path.join(line.home, '.pgpass'));
  expect(allText(line.home)).not.toContain(url.password);
}, 120_000);
