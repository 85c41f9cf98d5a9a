import { expect, test } from 'vitest';
import { lineOfError, notTogether, splitSql } from './split-sql';

test('statements are parted by the semicolons that PostgreSQL parts them by', () => {
  expect(
    splitSql(`select 'a;''b', "c;d" -- e;f\n; select $x$ ; $$ ; $x$, E'\\';' /* g; /* h; */ i; */; ;select $1`),
  ).toEqual([`select 'a;''b', "c;d" -- e;f`, `select $x$ ; $$ ; $x$, E'\\';' /* g; /* h; */ i; */`, 'select $1']);
  expect(splitSql('-- nothing\n/* at all; */ ;')).toEqual([]);
});

test('statements that end a transaction or read rows after them are found, wherever comments stand', () => {
  expect(notTogether(splitSql('create view v as select 1; /* now */ COMMIT; copy t from stdin; begin'))).toHaveLength(
    3,
  );
  expect(notTogether(splitSql(`create function f() returns int language sql as $$ select 1; $$`))).toEqual([]);
});

test('names the line of the file at which a statement is wrong', () => {
  const text = "-- 😀 first\nselect 1;\n\n-- why\nselect '😀', nothing\n  from t;\nselect 2";
  expect([0, 1, 2].map((i) => lineOfError(text, i, {}))).toEqual([2, 5, 7]);
  const second = [...(splitSql(text)[1] as string)];
  const at = second.join('').indexOf('from');
  const position = [...second.join('').slice(0, at)].length + 1;
  expect(lineOfError(text, 1, { position: String(position) })).toBe(6);
});
