import { expect, it } from 'vitest';
import { commandLine } from './testing/command-line';

it('prints no name that could steer the terminal or break its line', { timeout: 60_000 }, async () => {
  const line = await commandLine();
  line.file(
    'odd.db',
    `create table t (id integer primary key); create view "a\x1b[2J\nb\u202ec" as select 1 as n; insert into t values (1)`,
  );
  const { out, err, code } = await line.cutover('check', './odd.db', '--to', 'env:TARGET', '--schema', 'odd');
  expect({ code, err }, out).toMatchObject({ code: 3 });
  expect(out).toContain('a\\u001b[2J\\nb\\u202ec.*.object_not_moved');
  expect([...out].filter((one) => one === '\x1b' || one === '\u202e')).toEqual([]);
});
