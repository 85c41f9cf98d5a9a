import { readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { commandLine } from './testing/command-line';
import { moveTo, psql, reached, schemasOf, shop, sqlite } from './testing/shop';

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
    expect(again.out).not.toContain('since it was copied');
    const writer = new Database(file);
    writer.exec("insert into makers values (99, 'Late')");
    writer.close();
    const late = await line.cutover('run', './shop.db', ...moveTo('shop'), '--yes', '--json');
    expect([late.code, JSON.parse(late.out)]).toEqual([0, expect.objectContaining({ sinceCopy: 'written' })]);
    psql(line.database.dsn, 'set client_min_messages = error; drop schema shop cascade');
    const gone = await line.cutover('run', './shop.db', ...moveTo('shop'), '--yes');
    expect([gone.code, gone.out]).toEqual([1, expect.stringMatching(/schema shop is not there any more.*--undo/)]);
    expect((await line.cutover('status', 'shop.db')).out).toMatch(/gone[\s\S]*stale +import +schema shop is not there/);
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
    expect({ code: second.code, err: second.err }).toEqual({
      code: 1,
      err: expect.stringMatching(/already \(pid \d+, since \S+Z\)\. \[step_running\]/),
    });
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
