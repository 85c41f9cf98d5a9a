import { expect, test } from 'vitest';
import type { SeenColumn } from './design-types';
import { sceneOf, translate, translateCondition } from './translate';

const column = (declared: string, type: string, collation = 'BINARY'): SeenColumn => ({
  target: type,
  type,
  declared,
  collation,
  generated: false,
});
const scene = sceneOf(
  new Map([
    ['n', column('int', 'int8')],
    ['r', column('real', 'float8')],
    ['d', column('decimal', 'numeric')],
    ['t', column('text', 'text')],
    ['Ci', column('text', 'text', 'NOCASE')],
    ['own', column('text', 'text', 'HOUSE')],
    ['at', column('datetime', 'text')],
    ['b', column('boolean', 'bool')],
    ['x', column('blob', 'bytea')],
  ]),
);

test.each([
  ["t not like 'It''s A%Ä'", `(lower("text" collate "C") not like 'it''s a%Ä' escape '')`],
  ['n > 5 AND t <> ""', `(("int8" > 5) and ("text" <> ''))`],
  ['N in (1, -2)', '((("int8" = 1) or ("int8" = (- 2))))'],
  ['not b', '(not (("bool")::integer <> 0))'],
  ['b = 1 or b is null', '((("bool")::integer = 1) or (("bool")::integer is not distinct from null))'],
  ['ci = "Ä"', `(lower("text" collate "C") = lower('Ä' collate "C"))`],
  ["t < 'b' collate rtrim", `(rtrim("text", ' ') collate "C" < rtrim('b', ' ') collate "C")`],
  ['t = 5 -- digits of a TEXT column', `("text" = '5')`],
  ["n between '1' and 3 * 86400", '(("int8" >= 1) and ("int8" <= (3::bigint * 86400::bigint)))'],
  [
    'length(x) = 2 and length(t || n) > 1',
    '((octet_length("bytea") = 2) and (char_length(("text" || ("int8")::text)) > 1))',
  ],
  ['n / 2 >= 1 and - n % 3 < 9', '((("int8" / 2::bigint) >= 1) and (((- "int8") % 3::bigint) < 9))'],
  ["typeof(n) = 'integer'", `((case when "int8" is null then 'null' else 'integer' end) = 'integer')`],
])('%s', (sql, said) => {
  expect(translateCondition(sql, scene)).toBe(said);
});

test.each([
  ['t like n', /LIKE/],
  ["t like 'a!_' escape '!'", /LIKE/],
  ["t glob '*'", /GLOB/],
  ['n / r > 1', /zero/],
  ["json_extract(t, '$.a') = 1", /json_extract/],
  ['n in (select 1)', /cannot be read/],
  ["own = 'a'", /HOUSE/],
  ['at > 20200101', /compares text with int/],
  ["at > '2020'", /affinity/],
  ['d * 2 > 1', /calculates/],
  ['max(n, 1) = 1', /max/],
  ["at < datetime('now')", /clock/],
  ['n = (', /cannot be read|not translated/],
  ['t', /condition/],
])('refuses %s', (sql, why) => {
  expect(() => translateCondition(sql, scene)).toThrow(why);
});

test('the clock is read only where a default asks for it', () => {
  const clock = { ...scene, clock: true };
  expect(translate("strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", clock).sql).toContain(
    `'YYYY"-"MM"-"DD"T"HH24":"MI":"SS.MS"Z"'`,
  );
  expect(() => translate("datetime('now', 'localtime')", clock)).toThrow(/local time/);
});
