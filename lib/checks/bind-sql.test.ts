import { describe, expect, it } from 'vitest';
import { sqlCheck } from '@/lib/fleet/flow-schema';
import { bindSql } from './bind-sql';

const evil = "x'; drop table posts; --";

describe('a name within a statement', () => {
  it('is bound on the target after the parameters of the check, and never spliced', () => {
    expect(
      bindSql('target', "select $1::text, ${mark}, ${mark} where tags ? 'a' and n = ${n}", ['${schema}'], {
        mark: evil,
        schema: 's',
        n: 3,
      }),
    ).toEqual({ text: "select $1::text, $2, $3 where tags ? 'a' and n = $4", values: ['s', evil, evil, 3] });
  });

  it('is bound on the source in turn with its question marks, but for those in a literal', () => {
    expect(
      bindSql('source', "select '?' , ${mark}, ? -- a ? too\n from t where a = ? and b = ${n}", ['p', 'q'], {
        mark: evil,
        n: null,
      }),
    ).toEqual({
      text: "select '?' , ?, ? -- a ? too\n from t where a = ? and b = ?",
      values: [evil, 'p', 'q', null],
    });
  });

  it.each([
    "select '${mark}'",
    'select "${mark}"',
    "select E'a\\'${mark}'",
    'select $body$ ${mark} $body$',
    'select 1 -- ${mark}',
    'select 1 /* ${mark} */',
  ])('is refused when the runbook loads, where no value can be bound: %s', (sql) => {
    const check = { kind: 'sql', name: 'a', on: 'target' };
    expect(sqlCheck.safeParse({ ...check, sql }).error?.issues[0]?.message).toContain('cannot be bound');
    expect(sqlCheck.safeParse({ ...check, sql: "select ${mark}, 'it''s'" }).success).toBe(true);
  });
});
