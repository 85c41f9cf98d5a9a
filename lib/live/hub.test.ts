import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { type Hub, openHub } from './hub';
import { topicReader } from './read-topic';
import { eventStream } from './stream';
import { parseStreamQuery, type TopicRow } from './topics';

let plane: TestControlPlane;
let hub: Hub;
let cutoverId: string;
let attemptId: string;

beforeAll(async () => {
  plane = await openControlPlane('live');
  const operator = await plane.addPerson('Olga', 'operator');
  const seeded = await seedCutover(plane, operator);
  cutoverId = seeded.id;
  attemptId = await seeded.end('running', 'preflight');
  hub = openHub({ url: plane.url, read: topicReader(plane.db), foldMs: 5, pollMs: 300, batchRows: 50 });
});
afterAll(async () => {
  await hub.close();
  await plane.close();
});

const until = async (test: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 800; tries += 1) {
    if (await test()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error('it did not come to pass in 8 s');
};

/** One tab: reads messages, can break off and come back with its cursors. */
function tab(topics: string[], cursors = new Map<string, number>(), of: Hub = hub) {
  const rows = new Map<string, TopicRow[]>(topics.map((topic) => [topic, []]));
  const ends = new AbortController();
  const start = new Map(topics.map((topic) => [topic, cursors.get(topic) ?? 0]));
  const reader = eventStream({
    hub: of,
    cursors: start,
    signal: ends.signal,
    stillAllowed: async () => true,
  }).getReader();
  const decoder = new TextDecoder();
  const done = (async () => {
    let text = '';
    for (;;) {
      const { value, done: over } = await reader.read();
      if (over) return;
      text += decoder.decode(value, { stream: true });
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const message = text.slice(0, at);
        text = text.slice(at + 2);
        if (!message.startsWith('data: ')) continue;
        const { t, rows: fresh } = JSON.parse(message.slice(6)) as { t: string; rows: TopicRow[] };
        rows.get(t)?.push(...fresh);
        cursors.set(t, fresh.at(-1)?.[0] ?? 0);
      }
    }
  })();
  return {
    rows,
    cursors,
    leave: async () => {
      ends.abort();
      await done;
    },
  };
}

it('hands every event and line over exactly once, in order, over reconnects and overlapping writers', async () => {
  const events = 120;
  const lines = 600;
  const topic = `cutover:${cutoverId}`;
  const log = `log:${attemptId}`;
  const [seen, seenLog]: [number[], number[]] = [[], []];
  const before =
    (await plane.db.$client.query<{ n: number }>('select event_seq as n from cutover where id = $1', [cutoverId]))
      .rows[0]?.n ?? 0;

  const writer = async (count: number) => {
    const client = new pg.Client({ connectionString: plane.url });
    await client.connect();
    for (let n = 0; n < count; n += 1) {
      await client.query('begin');
      const { rows } = await client.query<{ n: number }>(
        'update cutover set event_seq = event_seq + 1 where id = $1 returning event_seq as n',
        [cutoverId],
      );
      await client.query('insert into cutover_event (cutover_id, n, kind, what) values ($1, $2, $3, $4)', [
        cutoverId,
        rows[0]?.n,
        'note',
        '{}',
      ]);
      if (n % 3 === 0) await client.query('select pg_sleep(0.004)');
      await client.query('notify live');
      await client.query(n % 10 === 9 ? 'rollback' : 'commit');
    }
    await client.end();
  };
  const logWriter = async () => {
    const client = new pg.Client({ connectionString: plane.url });
    await client.connect();
    for (let seq = 1; seq <= lines; seq += 7) {
      const group = Array.from(
        { length: Math.min(7, lines - seq + 1) },
        (_, at) => `($1, ${seq + at}, now(), 'info', 'out', 'line ${seq + at}')`,
      );
      await client.query(
        `insert into attempt_log (attempt_id, seq, at, level, stream, text) values ${group.join(',')}`,
        [attemptId],
      );
      await client.query('notify live');
    }
    await client.end();
  };
  // One tab stays all the time, so that two cursors of one topic differ.
  const steady = tab([topic, log], new Map([[topic, before]]));
  const reading = (async () => {
    const cursors = new Map<string, number>([[topic, before]]);
    for (let round = 0; ; round += 1) {
      const one = tab([topic, log], cursors);
      await until(() => (one.rows.get(topic)?.length ?? 0) > 8 || (cursors.get(log) ?? 0) >= lines);
      const last = cursors.get(log) === lines && round > 3;
      if (last) await until(async () => (await finalEvent()) === cursors.get(topic) && writersDone);
      await one.leave();
      seen.push(...(one.rows.get(topic) ?? []).map(([n]) => n));
      seenLog.push(...(one.rows.get(log) ?? []).map(([n]) => n));
      if (last) return;
    }
  })();
  let writersDone = false;
  const finalEvent = async () =>
    (
      await plane.db.$client.query<{ n: number }>('select max(n) as n from cutover_event where cutover_id = $1', [
        cutoverId,
      ])
    ).rows[0]?.n;
  await Promise.all([writer(events / 2), writer(events / 2), logWriter()]);
  writersDone = true;
  await reading;
  const written = (
    await plane.db.$client.query<{ n: number }>(
      'select n from cutover_event where cutover_id = $1 and n > $2 order by n',
      [cutoverId, before],
    )
  ).rows.map(({ n }) => n);
  expect(written).toHaveLength(108);
  expect(seen).toEqual(written);
  await until(() => steady.cursors.get(topic) === written.at(-1) && steady.cursors.get(log) === lines);
  await steady.leave();
  expect(steady.rows.get(topic)?.map(([n]) => n)).toEqual(written);
  expect(seenLog).toEqual(Array.from({ length: lines }, (_, at) => at + 1));
  expect(hub.held()).toEqual({ topics: 0, subscribers: 0 });
});

it('goes on after its listening connection was cut', async () => {
  const cursors = new Map<string, number>();
  const log = `log:${attemptId}`;
  const alone = openHub({ url: plane.url, read: topicReader(plane.db), foldMs: 5, pollMs: 600_000 });
  const one = tab([log], cursors, alone);
  await until(() => (cursors.get(log) ?? 0) >= 600);
  await plane.db.$client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cutover-live' and datname = current_database()`,
  );
  await plane.db.$client.query(
    `insert into attempt_log (attempt_id, seq, at, level, stream, text) values ($1, 601, now(), 'info', 'out', 'after')`,
    [attemptId],
  );
  await until(() => (cursors.get(log) ?? 0) === 601);
  await one.leave();
  await alone.close();
});

it('reads no more for a tab that does not take, until it takes again', async () => {
  const big = await seedLines(3_000);
  const ends = new AbortController();
  const reader = eventStream({
    hub,
    cursors: new Map([[`log:${big}`, 0]]),
    signal: ends.signal,
    stillAllowed: async () => true,
  }).getReader();
  await new Promise((resolve) => {
    setTimeout(resolve, 400);
  });
  let held = 0;
  let last = 0;
  const decoder = new TextDecoder();
  let text = '';
  while (last < 3_000) {
    const { value } = await reader.read();
    held += 1;
    text += decoder.decode(value, { stream: true });
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const message = text.slice(0, at);
      text = text.slice(at + 2);
      if (message.startsWith('data: '))
        for (const [n] of (JSON.parse(message.slice(6)) as { rows: TopicRow[] }).rows) {
          expect(n).toBe(last + 1);
          last = n;
        }
    }
  }
  ends.abort();
  expect(held).toBeGreaterThan(10);
});

async function seedLines(count: number): Promise<string> {
  const id = randomUUID();
  await plane.db.$client.query(
    `insert into attempt (id, cutover_id, step_id, verb, no, state) values ($1, $2, 'baseline', 'run', 1, 'done')`,
    [id, cutoverId],
  );
  await plane.db.$client.query(
    `insert into attempt_log select $1, n, now(), 'info', 'out', repeat('x', 400) from generate_series(1, $2::int) n`,
    [id, count],
  );
  return id;
}

it('ends the stream of a session that is over', async () => {
  let allowed = true;
  const reader = eventStream({
    hub,
    cursors: new Map([['fleet', 0]]),
    signal: new AbortController().signal,
    stillAllowed: async () => allowed,
    recheckMs: 20,
  }).getReader();
  await reader.read();
  allowed = false;
  for (;;) if ((await reader.read()).done) break;
  await until(() => hub.held().subscribers === 0);
});

it('raises the fleet version when a mode changes, and only then', async () => {
  const read = topicReader(plane.db);
  const [first] = await read('fleet', 0, 10);
  expect(await read('fleet', first?.[0] ?? 0, 10)).toEqual([]);
  await plane.db.$client.query(
    `insert into profile_state (system, source_id, declared, observed, read_at) values ('sx', 'assets_1', 'SQLITE', 'SQLITE', now())`,
  );
  const [second] = await read('fleet', first?.[0] ?? 0, 10);
  expect(second?.[0]).toBeGreaterThan(first?.[0] ?? 0);
});

it.each([
  ['topics=fleet', true],
  ['topics=fleet,cutover:a-1,log:7&after=cutover:a-1.12,log:7.120', true],
  ['', false],
  ['topics=secrets', false],
  ['topics=cutover:../x', false],
  [`topics=${Array.from({ length: 9 }, (_, n) => `log:${n}`).join(',')}`, false],
  ['topics=fleet&after=fleet.-1', false],
  ['topics=fleet&after=fleet.x', false],
])('takes only topics of ours: %s', (query, good) =>
  expect(parseStreamQuery(new URLSearchParams(query)) !== null).toBe(good),
);
