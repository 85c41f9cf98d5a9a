import { rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { commandLine } from './testing/command-line';
import { moveTo, psql, reached, schemasOf, shop, waitsFor } from './testing/shop';

describe('cutover run FILE --undo', () => {
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
    psql(line.database.dsn, "insert into shop.makers values (4711, 'of somebody else')");
    const rows = psql(line.database.dsn, 'select count(*) from shop.goods');
    const refused = await line.cutover('run', 'shop.db', ...moveTo('shop'), '--undo', '--yes');
    expect(refused.err).toMatch(/makers"? holds \d+ rows? .*which this move did not bring\. Nothing was taken back/);
    expect(psql(line.database.dsn, 'select count(*) from shop.goods')).toBe(rows);
    psql(line.database.dsn, 'delete from shop.makers where id = 4711');
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
});
