import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Order, Outcome } from './child';
import { ledgerNameOf } from '@/lib/dataplane/ledger-schema';
import { createDesigned, targetPlace, withTarget } from '@/lib/dataplane';
import { keysAfter, keysDdl, largeTables, smallName, smallTargetDdl, targetDdl } from './make-data';
import type { Bench } from './bench';

/** One way of doing the work. `prepare` is not timed. */
export type Technique = {
  name: string;
  /** Rows of the table that are compared with each other; each has its own limit. */
  series: Series;
  prepare(bench: Bench): Promise<void>;
  /** Seconds; memory where it is ours. */
  run(bench: Bench): Promise<{ seconds: number; peakMegabytes?: number; cpuSeconds?: number }>;
};
export type Series = 'import' | 'import with 3 keys and 2 indexes' | 'row diff' | 'many small tables';

export async function sql(bench: Bench, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: bench.dsn });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export const fresh = (bench: Bench, ddl: string): Promise<void> =>
  sql(
    bench,
    `drop schema if exists ${ledgerNameOf(decodeURIComponent(new URL(bench.dsn).username))} cascade`,
    'drop schema if exists bench cascade',
    'create schema bench',
    `set search_path = bench; ${ddl}`,
    'checkpoint',
  );

/** A schema whose keys the import itself builds, once the rows are in. */
async function makeKeyed({ dsn }: Bench): Promise<void> {
  const place = targetPlace(dsn, 'bench', { schema: 'bench', shared_tables: {} });
  const create = targetDdl
    .split(';')
    .map((sql) => sql.trim().replace('create table ', 'create table bench.'))
    .filter(Boolean);
  await withTarget(dsn, async (client) => {
    await client.query('drop schema bench');
    await createDesigned(client, place, {
      schema: 'bench',
      create: ['create schema bench', ...create],
      after: keysAfter,
      notCarried: [],
      renames: { tables: {}, columns: {} },
      findings: [],
    });
  });
}

/** Ours in a process of its own. */
export function ours(bench: Bench, order: Partial<Order>, accelerated: boolean): Promise<Outcome | null> {
  const whole: Order = {
    what: 'import',
    source: bench.data.large,
    dsn: bench.dsn,
    schema: 'bench',
    killAfterCommits: 0,
    ...order,
  };
  const child = spawn(process.execPath, [bench.childFile, JSON.stringify(whole)], {
    env: { ...process.env, CUTOVER_ACCELERATOR: accelerated ? 'on' : 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  return new Promise((resolve, reject) =>
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(null);
      else if (code === 0) resolve(JSON.parse(out) as Outcome);
      else reject(new Error(`ours ended with ${code}`));
    }),
  );
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number }> {
  const started = performance.now();
  await work();
  return { seconds: (performance.now() - started) / 1000 };
}

const copyFile = (bench: Bench, table: string) => join(bench.serverFolder, `${table}.bin`);
const copyIn = (bench: Bench, tables: readonly string[]) =>
  tables.map((table) => `copy bench.${table} from '${copyFile(bench, table)}' with (format binary)`);

/** The rows as the server itself wrote them, for the limit. */
export async function writeServerFiles(bench: Bench): Promise<void> {
  for (const [ddl, source, tables] of [
    [targetDdl, bench.data.large, largeTables],
    [smallTargetDdl(bench.sizes), bench.data.small, smallTables(bench)],
  ] as const) {
    await fresh(bench, ddl);
    await ours(bench, { source }, true);
    await sql(
      bench,
      ...tables.map((table) => `copy bench.${table} to '${copyFile(bench, table)}' with (format binary)`),
    );
  }
}
const smallTables = ({ sizes }: Bench) => Array.from({ length: sizes.smallTables }, (_, i) => smallName(i));

const own = (
  name: string,
  series: Series,
  accelerated: boolean,
  order: (bench: Bench) => Partial<Order>,
  ddl = () => targetDdl,
) =>
  ({
    name,
    series,
    prepare: (bench) => fresh(bench, ddl()),
    run: async (bench) => (await ours(bench, order(bench), accelerated)) as Outcome,
  }) satisfies Technique;

const limit = (
  name: string,
  series: Series,
  tables: (bench: Bench) => readonly string[],
  after: string[],
  ddl: (bench: Bench) => string,
) =>
  ({
    name,
    series,
    prepare: (bench) => fresh(bench, ddl(bench)),
    run: (bench) => timed(() => sql(bench, ...copyIn(bench, tables(bench)), ...after)),
  }) satisfies Technique;

/** Each compared with the limit of its own series. */
export const techniques: Technique[] = [
  limit(
    'limit: server-side binary COPY',
    'import',
    () => largeTables,
    [],
    () => targetDdl,
  ),
  own('ours, accelerated (SHA-256, ledger)', 'import', true, () => ({})),
  own('ours, plain TypeScript (SHA-256, ledger)', 'import', false, () => ({})),
  limit(
    'limit, then the same keys',
    'import with 3 keys and 2 indexes',
    () => largeTables,
    keysDdl,
    () => targetDdl,
  ),
  {
    name: 'ours, accelerated, with the keys',
    series: 'import with 3 keys and 2 indexes',
    prepare: async (bench) => {
      await fresh(bench, '');
      await makeKeyed(bench);
    },
    run: async (bench) => (await ours(bench, {}, true)) as Outcome,
  },
  {
    name: 'limit: server-side binary COPY',
    series: 'row diff',
    prepare: (bench) => fresh(bench, targetDdl),
    run: (bench) => timed(() => sql(bench, ...copyIn(bench, largeTables))),
  },
  ...[true, false].map(
    (accelerated): Technique => ({
      name: accelerated ? 'ours, accelerated, every cell' : 'ours, plain TypeScript, every cell',
      series: 'row diff',
      prepare: async (bench) => {
        await fresh(bench, targetDdl);
        await sql(bench, ...copyIn(bench, largeTables), ...keysDdl, 'analyze', 'checkpoint');
      },
      run: async (bench) => {
        const done = (await ours(bench, { what: 'diff' }, accelerated)) as Outcome;
        if ([done.told.differing, done.told.missing, done.told.extra].some((count) => count !== '0'))
          throw new Error(`a row diff of equal sides found ${JSON.stringify(done.told)}`);
        return done;
      },
    }),
  ),
  limit('limit: server-side binary COPY', 'many small tables', smallTables, [], ({ sizes }) => smallTargetDdl(sizes)),
  ...[true, false].map(
    (accelerated): Technique => ({
      name: `ours, ${accelerated ? 'accelerated' : 'plain TypeScript'} (SHA-256, ledger)`,
      series: 'many small tables',
      prepare: (bench) => fresh(bench, smallTargetDdl(bench.sizes)),
      run: async (bench) => (await ours(bench, { source: bench.data.small }, accelerated)) as Outcome,
    }),
  ),
];

/** pgloader makes its own tables; with prefetch, since it dies without, and with casts that lose nothing. */
function pgloader(series: Series, source: (bench: Bench) => string, indexes: boolean): Technique {
  return {
    name: 'pgloader, tuned',
    series,
    prepare: (bench) => fresh(bench, ''),
    run: async (bench) => {
      const file = join(bench.folder, 'pgloader.load');
      const { hostname, port, username, password } = new URL(bench.dsn);
      writeFileSync(
        file,
        `load database from sqlite://${source(bench)} into pgsql://${username}:${password}@${hostname}:${port}/postgres?bench
        with include drop, create tables, ${indexes ? 'create indexes' : 'create no indexes'}, reset no sequences, workers = 2, concurrency = 1, prefetch rows = 10000, batch rows = 10000
        set search_path to 'bench' cast type real to "double precision" drop typemod, type integer to bigint;`,
      );
      return timed(async () => runTool('pgloader', [file]));
    },
  };
}

function csvPipe(): Technique {
  return {
    name: 'sqlite3 -csv | psql \\copy (loses NULL/empty, digits)',
    series: 'import',
    prepare: (bench) => fresh(bench, targetDdl),
    run: (bench) =>
      timed(async () => {
        for (const table of largeTables) {
          const columns = table === 'people' ? "id, name, email, joined, score, '\\x' || hex(photo)" : '*';
          runTool('sh', [
            '-c',
            `sqlite3 -csv '${bench.data.large}' "select ${columns} from ${table}" | psql -Xq '${bench.dsn}' -c "\\copy bench.${table} from stdin with (format csv)"`,
          ]);
        }
      }),
  };
}

function runTool(command: string, args: string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.status !== 0) throw new Error(`${command}: ${(done.stderr || done.stdout).slice(0, 600)}`);
}

const isThere = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

/** Only those that are installed. */
export function peers(): Technique[] {
  const found: Technique[] = [];
  if (isThere('pgloader'))
    found.push(
      pgloader('import', ({ data }) => data.large, false),
      pgloader('import with 3 keys and 2 indexes', ({ data }) => data.large, true),
      pgloader('many small tables', ({ data }) => data.small, true),
    );
  if (isThere('sqlite3') && isThere('psql')) found.push(csvPipe());
  return found;
}
