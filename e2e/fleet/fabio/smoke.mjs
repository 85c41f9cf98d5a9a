/**
 * The one-command smoke: `node smoke.mjs [--keep]` with TARGET_ADMIN_DSN. It makes a throw-away database, starts the service on it,
 * runs interaction → drain → trace, counts the rows, and removes everything again unless --keep. Exit 0 passed, 1 failed, 2 wrong use.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quoteIdent } from './ddl.mjs';
import { startService } from './service.mjs';
import { withClient } from '../parts/postgres.mjs';

const say = (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);

/** START, then PASS or FAIL with the time it took. */
async function stage(name, work) {
  say(`START ${name}`);
  const startedAt = performance.now();
  const took = () => `${Math.round(performance.now() - startedAt)} ms`;
  try {
    const result = await work();
    say(`PASS ${name} (${took()})`);
    return result;
  } catch (error) {
    say(`FAIL ${name} (${took()}): ${error.message}`);
    throw error;
  }
}

const onDatabase = (dsn, work) => withClient(dsn, work, 'fabio smoke');

async function call(url, method, path, body) {
  const answer = await fetch(url + path, { method, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (answer.status !== 200) throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

function expect(isTrue, text) {
  if (!isTrue) throw new Error(text);
}

async function runFlow(url) {
  const request = {
    request_id: randomUUID(),
    tenant_id: 'smoke',
    session_id: randomUUID(),
    operation: 'send_message',
    channel: 'ui-chat',
    payload: { text: 'agenda uma reuniao' },
  };
  const { response } = await stage('interaction', () =>
    call(url, 'POST', '/v1/owner-concierge/interaction', { request }),
  );
  const id = response.owner_command.correlation_id;
  await stage('drain', async () => {
    const drained = await call(url, 'POST', '/internal/worker/module-tasks/drain', { limit: 5 });
    expect(drained.succeeded_count === 1, `expected one task done, got ${JSON.stringify(drained)}`);
  });
  await stage('trace', async () => {
    const found = await call(url, 'GET', `/internal/orchestration/trace?correlation_id=${id}`);
    const names = found.events.map((event) => event.name);
    for (const name of ['module.task.accepted', 'module.task.completed'])
      expect(names.includes(name), `${name} is not in the trace`);
  });
  return id;
}

async function countRows(dsn) {
  return onDatabase(dsn, async (client) => {
    const count = async (table) => (await client.query(`SELECT count(*)::int AS n FROM public.${table}`)).rows[0].n;
    return {
      commands: await count('orchestration_commands'),
      events: await count('orchestration_events'),
      queue: await count('orchestration_module_task_queue'),
    };
  });
}

async function runSmoke(adminDsn, keep) {
  const name = `fabio_smoke_${randomBytes(4).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'fabio-smoke-'));
  const dsn = new URL(adminDsn);
  dsn.pathname = `/${name}`;
  let service = null;
  try {
    await stage('database', () =>
      onDatabase(adminDsn, (client) => client.query(`CREATE DATABASE ${quoteIdent(name)}`)),
    );
    service = await stage('service', () =>
      startService({
        ORCHESTRATION_STORE_BACKEND: 'postgres',
        ORCHESTRATION_PG_DSN: dsn.href,
        FABIO_DATA_DIR: folder,
        FABIO_LOG_FILE: join(folder, 'access.log'),
        PORT: '0',
      }),
    );
    const id = await runFlow(`http://127.0.0.1:${service.port}`);
    const rows = await stage('rows', async () => {
      const found = await countRows(dsn.href);
      expect(found.commands >= 2 && found.events >= 4 && found.queue >= 1, `too few rows: ${JSON.stringify(found)}`);
      return found;
    });
    process.stdout.write(
      `correlation_id=${id}\nrows: commands=${rows.commands} events=${rows.events} queue=${rows.queue}\n`,
    );
  } finally {
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
    if (keep) process.stdout.write(`kept=${name}\n`);
    else
      await onDatabase(adminDsn, (client) => client.query(`DROP DATABASE IF EXISTS ${quoteIdent(name)} WITH (FORCE)`));
  }
}

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
if (!process.env.TARGET_ADMIN_DSN) {
  process.stderr.write('usage: TARGET_ADMIN_DSN=… node smoke.mjs [--keep]\n');
  process.exit(2);
}
runSmoke(process.env.TARGET_ADMIN_DSN, values.keep).then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`fabio smoke: ${error.message || error.code}\n`);
    process.exit(1);
  },
);
