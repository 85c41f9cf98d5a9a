import { expect, it } from 'vitest';
import { commandLine } from './testing/command-line';
import { dirty, moveTo, psql, schemasOf } from './testing/shop';

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
  const planned = await line.cutover('plan', 'dirty.db', ...moveTo('shop'));
  expect([planned.code, planned.out]).toEqual([
    3,
    expect.stringMatching(/create table "shop"\."goods"[\s\S]*goods\.cents\.class_differs +1 +\[open\]/),
  ]);
  const half = await line.cutover('run', 'dirty.db', ...moveTo('shop'), '--yes', '--rule', '*.nul_in_text=strip-nul');
  expect(half.code).toBe(3);
  expect(half.out).toContain("--rule 'goods.cents.class_differs=");
  expect(schemasOf(line)).toBe(before);
  const rules = ['--rule', '*.nul_in_text=strip-nul', '--rule', 'goods.cents.class_differs=set-null'];
  const done = await line.cutover('run', 'dirty.db', ...moveTo('shop'), '--yes', ...rules);
  expect({ code: done.code, err: done.err }, done.out).toEqual({ code: 0, err: '' });
  expect(psql(line.database.dsn, 'select title, cents is null from shop.goods where id in (3, 9) order by id')).toMatch(
    /^ab\|f\nGood 9 .*\|t$/,
  );
  expect((await line.cutover('diff', 'dirty.db', ...moveTo('shop'))).code).toBe(0);
  psql(line.database.dsn, "update shop.goods set title = title || ' ' where id = 5");
  const differs = await line.cutover('diff', 'dirty.db', ...moveTo('shop'));
  expect(differs.code).toBe(4);
  expect(differs.out).toMatch(
    /goods 5 differs\n +title\n +source text "Good 5 ä€😀" \(nothing at character 10\)\n +target text "Good 5 ä€😀 " \(U\+0020 at character 10\)/,
  );
}, 180_000);
