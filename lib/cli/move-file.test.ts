import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { onCluster } from '@/lib/testing/databases';
import { type CommandLine, commandLine } from './testing/command-line';

const shop = `
create table makers (id integer primary key, name text not null);
create table goods (id integer primary key, maker_id integer references makers (id), title text, cents integer, weight real, picture blob);
insert into makers with recursive n (i) as (select 1 union all select i + 1 from n where i < 40) select i, 'Maker ' || i from n;
insert into goods with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000)
  select i, 1 + i % 40, 'Good ' || i || ' ä€😀', i * 9007199254740993 % 9000000000000000000, i / 3.0, x'0000ff' from n;`;
const dirty = `${shop}
update goods set title = 'a' || char(0) || 'b' where id in (3, 7);
update goods set cents = 'free' where id = 9;`;

const psql = (dsn: string, sql: string): string => {
  const { stdout, stderr } = spawnSync(
    path.join(process.env.PG_BIN_DIR ?? '', 'psql'),
    ['-XqAt', '-F', '|', '-d', dsn, '-c', `set bytea_output = hex; ${sql}`],
    { encoding: 'utf8', maxBuffer: 1e9 },
  );
  if (stderr) throw new Error(stderr);
  return stdout.trim();
};
const sqlite = (file: string, sql: string): string => {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare(sql).safeIntegers().raw().all() as unknown[][];
  db.close();
  return rows.map((row) => row.map(String).join('|')).join('\n');
};
const schemasOf = ({ database }: CommandLine): string =>
  psql(database.dsn, "select string_agg(nspname, ',' order by nspname) from pg_namespace where nspname !~ '^pg_'");
const moveTo = (schema: string) => ['--to', 'env:TARGET', '--schema', schema] as const;
const allText = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');

async function reached(line: CommandLine, name: string): Promise<void> {
  const file = path.join(line.failpoints, `${name}.hit`);
  for (const until = Date.now() + 60_000; !existsSync(file); ) {
    if (Date.now() > until) throw new Error(`failpoint ${name} was never met`);
    await sleep(20);
  }
}

/** Until a session waits for a table that another one holds. */
async function waitsFor({ database }: CommandLine, table: string): Promise<void> {
  const sql = `select count(*) from pg_locks where not granted and relation = '${table}'::regclass`;
  for (const until = Date.now() + 60_000; psql(database.dsn, sql) === '0'; )
    if (Date.now() > until) throw new Error(`nobody waits for ${table}`);
}

describe('cutover run FILE', () => {
  it('moves a file with nothing but a DSN, equal by an independent reading of both sides, and the file is as it was', async () => {
    const line = await commandLine();
    const file = line.file('shop.db', shop);
    const before = readFileSync(file);
    const { code, out, err } = await line.cutover('run', './shop.db', ...moveTo('shop'), '--yes');
    expect({ code, err }, out).toEqual({ code: 0, err: '' });
    expect(out).toContain('6,040 equal, 0 differing, 0 missing, 0 extra');
    expect(psql(line.database.dsn, 'select id, name from shop.makers order by id')).toBe(
      sqlite(file, 'select id, name from makers order by id'),
    );
    expect(
      psql(
        line.database.dsn,
        "select id, maker_id, title, cents, encode(float8send(weight), 'hex'), encode(picture, 'hex') from shop.goods order by id",
      ),
    ).toBe(
      sqlite(file, 'select id, maker_id, title, cents, weight, lower(hex(picture)) from goods order by id')
        .split('\n')
        .map((row) => {
          const cells = row.split('|');
          const bits = Buffer.alloc(8);
          bits.writeDoubleBE(Number(cells[4]));
          return cells.with(4, bits.toString('hex')).join('|');
        })
        .join('\n'),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(line.folder)).toEqual(['shop.db']);
    const again = await line.cutover('run', './shop.db', ...moveTo('shop'), '--yes');
    expect({ code: again.code, out: again.out }).toEqual({ code: 0, out: expect.stringContaining('nothing was done') });
    const status = JSON.parse((await line.cutover('status', 'shop.db', '--json')).out) as {
      moves: { state: string }[];
    };
    expect(status.moves.map(({ state }) => state)).toEqual(['moved']);
  }, 120_000);

  it('moves a file whose references no key of the parent covers, as its check said', async () => {
    const line = await commandLine();
    line.file(
      'loose.db',
      `pragma foreign_keys = off; create table p (id int, n text); create table c (id integer primary key, p int references p (id));
      create table pair (a int, b int, primary key (a, b)); create table half (id integer primary key, a int references pair (a));
      create view seen as select id from p; create table looks (id integer primary key, s int references seen (id));
      insert into p values (1, 'a'); insert into c values (1, 1); insert into pair values (1, 2); insert into half values (1, 1);
      insert into looks values (1, 1)`,
    );
    const idle = '*.nul_in_text=strip-nul';
    const rules = ['*.not_carried=accept', '*.no_primary_key=no-key', '*.object_not_moved=accept', idle];
    const given = ['loose.db', ...moveTo('loose'), ...rules.flatMap((rule) => ['--rule', rule])];
    const checked = await line.cutover('check', ...given);
    expect({ code: checked.code }, checked.out + checked.err).toEqual({ code: 0 });
    expect(checked.out).toContain(`note: --rule '${idle}' met no finding`);
    const { code, out, err } = await line.cutover('run', ...given, '--yes');
    expect({ code, err }, out).toEqual({ code: 0, err: '' });
    expect(out).toContain('5 equal, 0 differing, 0 missing, 0 extra');
  }, 120_000);

  it('goes on after a kill -9 in mid-import without repeating a batch, and two at once are refused', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    line.arm('import:after-commit', 'block');
    const first = line.start('run', 'shop.db', ...moveTo('shop'), '--yes');
    await reached(line, 'import:after-commit');
    const second = await line.cutover('run', 'shop.db', ...moveTo('shop'), '--yes');
    expect({ code: second.code, err: second.err }).toEqual({ code: 1, err: expect.stringContaining('step_running') });
    const child = Number(readFileSync(path.join(line.failpoints, 'import:after-commit.hit'), 'utf8'));
    first.child.kill('SIGKILL');
    process.kill(child, 'SIGKILL');
    await first.ended;
    rmSync(path.join(line.failpoints, 'import:after-commit'));
    const where = await line.cutover('status', 'shop.db');
    expect(where.out).toMatch(/unknown +import/);
    const { code, out, err } = await line.cutover('run', 'shop.db', ...moveTo('shop'), '--yes');
    expect({ code, err }, out).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/[1-9]\d* batches were committed before and not repeated/);
    expect(psql(line.database.dsn, 'select count(*), count(distinct id) from shop.goods')).toBe('6000|6000');
  }, 120_000);

  it('ends in order on Ctrl-C, says how to go on, and --undo leaves the target as it was', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    line.arm('import:after-commit', 'block');
    const before = schemasOf(line);
    const { child, ended } = line.start('run', 'shop.db', ...moveTo('shop'), '--yes');
    await reached(line, 'import:after-commit');
    child.kill('SIGINT');
    const { code, out } = await ended;
    expect({ code, out }).toEqual({
      code: 130,
      out: expect.stringContaining('The same command goes on where it ended'),
    });
    rmSync(path.join(line.failpoints, 'import:after-commit'));
    expect((await line.cutover('run', 'shop.db', ...moveTo('shop'), '--undo', '--yes')).code).toBe(0);
    // The ledger's own schema stays: other moves of this database are written there.
    expect(schemasOf(line).replace(/cutover_console_\w+,/, '')).toBe(before);
  }, 120_000);

  it('ends in order on Ctrl-C while it takes a move back; status says so, and the same command goes on', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    expect((await line.cutover('run', 'shop.db', ...moveTo('shop'), '--yes')).code).toBe(0);
    // An application that still reads: the rows cannot go while it does.
    const reader = new pg.Client({ connectionString: line.database.dsn });
    await reader.connect();
    const undo = () => line.start('run', 'shop.db', ...moveTo('shop'), '--undo', '--yes');
    try {
      await reader.query('begin; lock table shop.goods in access share mode');
      const first = undo();
      await waitsFor(line, 'shop.goods');
      const during = await line.cutover('status', 'shop.db');
      expect(during.out).toMatch(/running +import +being taken back in process \d+/);
      first.child.kill('SIGINT');
      const { code, out, err } = await first.ended;
      expect({ code, out, err }).toEqual({
        code: 130,
        out: expect.stringContaining('Ended while import was being taken back'),
        err: expect.not.stringContaining('child_died'),
      });
    } finally {
      await reader.end();
    }
    const { out } = await line.cutover('status', 'shop.db');
    expect(out).toMatch(/passed +import/);
    expect(out).toMatch(/taking it back was begun \S+ and has not ended/);
    expect(psql(line.database.dsn, 'select count(*) from shop.goods')).toBe('6000');
    expect((await undo().ended).code).toBe(0);
    expect(schemasOf(line)).not.toContain('shop');
  }, 120_000);

  it('says where it stands with an exit code of its own when a step fails half-way', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    line.arm('import:after-commit', 'error');
    const { code, out, err } = await line.cutover('run', 'shop.db', ...moveTo('shop'), '--yes');
    expect({ code, err }).toEqual({ code: 5, err: expect.stringMatching(/failpoint/) });
    expect(out).toContain('Stopped during import. Committed batches stay');
    rmSync(path.join(line.failpoints, 'import:after-commit'));
    expect((await line.cutover('run', 'shop.db', ...moveTo('shop'), '--yes')).code).toBe(0);
  }, 120_000);

  it('changes nothing while a finding is open, and moves by the rules it is given', async () => {
    const line = await commandLine();
    line.file('dirty.db', dirty);
    const before = schemasOf(line);
    const asked = await line.cutover('run', 'dirty.db', ...moveTo('shop'), '--yes', '--json');
    expect(asked.code).toBe(3);
    const answer = JSON.parse(asked.out) as {
      findings: { key: string; count: string; sample: unknown[]; rules: unknown[] }[];
    };
    expect(answer.findings.map(({ key, count }) => [key, count])).toEqual([
      ['goods.title.nul_in_text', '2'],
      ['goods.cents.class_differs', '1'],
    ]);
    const half = await line.cutover('run', 'dirty.db', ...moveTo('shop'), '--yes', '--rule', '*.nul_in_text=strip-nul');
    expect(half.code).toBe(3);
    expect(half.out).toContain("--rule 'goods.cents.class_differs=");
    expect(schemasOf(line)).toBe(before);
    const rules = ['--rule', '*.nul_in_text=strip-nul', '--rule', 'goods.cents.class_differs=set-null'];
    const done = await line.cutover('run', 'dirty.db', ...moveTo('shop'), '--yes', ...rules);
    expect({ code: done.code, err: done.err }, done.out).toEqual({ code: 0, err: '' });
    expect(
      psql(line.database.dsn, 'select title, cents is null from shop.goods where id in (3, 9) order by id'),
    ).toMatch(/^ab\|f\nGood 9 .*\|t$/);
    expect((await line.cutover('diff', 'dirty.db', ...moveTo('shop'))).code).toBe(0);
    psql(line.database.dsn, "update shop.goods set title = title || ' ' where id = 5");
    const differs = await line.cutover('diff', 'dirty.db', ...moveTo('shop'));
    expect(differs.code).toBe(4);
    expect(differs.out).toMatch(
      /goods 5 differs\n +title\n +source text "Good 5 ä€😀" \(nothing at character 10\)\n +target text "Good 5 ä€😀 " \(U\+0020 at character 10\)/,
    );
  }, 180_000);

  it('moves nothing that nobody said yes to', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    const before = schemasOf(line);
    const { code, out } = await line.cutover('run', 'shop.db', ...moveTo('shop'));
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('add --yes') });
    expect((await line.cutover('plan', 'shop.db', ...moveTo('shop'))).out).toMatch(
      /create schema[\s\S]*copy "shop"\."goods"/i,
    );
    expect((await line.cutover('check', 'shop.db', ...moveTo('shop'))).code).toBe(0);
    expect(schemasOf(line)).toBe(before);
  }, 120_000);
});

describe('what is refused', () => {
  it('says at check what run would say of a schema that holds somebody else’s tables, or is somebody else’s', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    psql(line.database.dsn, 'create schema taken; create table taken.mine (id int)');
    await onCluster(['create schema theirs'], line.database.adminDsn);
    for (const [schema, words] of [
      ['taken', /holds 1 objects already \(mine\)/],
      ['theirs', /schema "theirs" belongs to role \w+/],
    ] as const)
      for (const verb of ['check', 'run']) {
        const { code, out, err } = await line.cutover(
          verb,
          'shop.db',
          ...moveTo(schema),
          ...(verb === 'run' ? ['--yes'] : []),
        );
        expect({ verb, schema, code, out, err }).toMatchObject({ code: 1, err: expect.stringMatching(words) });
        expect(out).not.toContain('It would move');
      }
  }, 120_000);

  it('names a code and a next move for every wrong input, creates no file and leaves the target as it was', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    writeFileSync(path.join(line.folder, 'empty.db'), '');
    writeFileSync(path.join(line.folder, 'text.db'), 'no database at all\n'.repeat(100));
    mkdirSync(path.join(line.folder, 'folder.db'));
    psql(line.database.dsn, 'create schema taken; create table taken.mine (id int)');
    const before = schemasOf(line);
    const files = readdirSync(line.folder).sort();
    const url = new URL(line.database.dsn);
    const cases: [string[], number, string][] = [
      [['missing.db', ...moveTo('s')], 1, 'source_missing'],
      [['no/such/folder.db', ...moveTo('s')], 1, 'source_missing'],
      [['folder.db', ...moveTo('s')], 1, 'source_forbidden'],
      [['empty.db', ...moveTo('s')], 1, 'source_empty'],
      [['text.db', ...moveTo('s')], 1, 'source_not_a_database'],
      [['shop.db', '--to', 'env:TARGET'], 2, 'input_invalid'],
      [['shop.db', ...moveTo('taken')], 1, 'target_not_empty'],
      [['shop.db', ...moveTo('public')], 1, 'schema_name_invalid'],
      [['shop.db', ...moveTo('ä'.repeat(40))], 1, 'schema_name_invalid'],
      [['shop.db', '--to', 'env:NOT_SET', '--schema', 's'], 1, 'dsn_missing'],
      [['shop.db', '--to', 'env:DATABASE_URL', '--schema', 's'], 2, 'dsn_invalid'],
      [['shop.db', '--to', 'host=x dbname=y', '--schema', 's'], 2, 'dsn_invalid'],
      [
        ['shop.db', '--to', `postgres://${url.username}:wrong-one@${url.host}${url.pathname}`, '--schema', 's'],
        2,
        'dsn_invalid',
      ],
      [['shop.db', '--to', 'postgres://nobody@127.0.0.1:1/none', '--schema', 's'], 1, 'target_unreachable'],
      [['shop.db', ...moveTo('s'), '--rule', 'goods.title.nul_in_text=strip-nul'], 2, 'rule_unknown'],
      [['shop.db', ...moveTo('s'), '--rule', 'no-rule'], 2, 'input_invalid'],
      [['shop.db', ...moveTo('s'), '--runbook', 'none-such'], 1, 'runbook_invalid'],
    ];
    for (const [argv, code, word] of cases) {
      const ended = await line.cutover('run', ...argv, '--yes');
      expect([argv.join(' '), ended.code, ended.err.split('\n')[0]]).toEqual([
        argv.join(' '),
        code,
        expect.stringContaining(`[${word}]`),
      ]);
      expect(ended.err.trim().split('\n').length).toBeGreaterThan(1);
      expect(ended.out + ended.err).not.toContain('wrong-one');
    }
    expect(readdirSync(line.folder).sort()).toEqual(files);
    expect(schemasOf(line)).toBe(before);
    expect(allText(line.home)).not.toContain('wrong-one');
  }, 180_000);

  it('refuses a rule that a finding does not offer, and a role that may not make a schema', async () => {
    const line = await commandLine();
    line.file('dirty.db', dirty);
    const rule = await line.cutover(
      'check',
      'dirty.db',
      ...moveTo('s'),
      '--rule',
      'goods.title.nul_in_text=take-whole',
    );
    expect([rule.code, rule.err]).toEqual([2, expect.stringMatching(/rule_unknown[\s\S]*It offers: .*strip-nul/)]);
    await onCluster([
      `revoke create on database "${line.database.name}" from "${line.database.name}", public`,
      `alter database "${line.database.name}" owner to current_user`,
    ]);
    const rights = await line.cutover('run', 'dirty.db', ...moveTo('s'), '--yes', '--json');
    expect(rights.code).toBe(1);
    expect(rights.out).toContain('permission denied');
    expect(psql(line.database.dsn, "select count(*) from pg_namespace where nspname = 's'")).toBe('0');
  }, 120_000);
});

describe('the password', () => {
  it('comes from PGPASSFILE or a service file, and stands in no file that is kept', async () => {
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
});
