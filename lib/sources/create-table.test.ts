import { expect, test } from 'vitest';
import { moduleOf, readCreateIndex, readCreateTable } from './create-table';

test('reads checks, collations, generated expressions and constraint names out of any writing of a table', () => {
  const read = readCreateTable(`CREATE TABLE [odd "t] ( -- (comment)
    "a,b" text COLLATE nocase CONSTRAINT ok CHECK ("a,b" <> ')' /* , */), c int DEFAULT (1 + (2)) REFERENCES p DEFERRABLE INITIALLY DEFERRED,
    \`d\` AS (c * 2) STORED, e GENERATED ALWAYS AS (max(c, 1)) VIRTUAL COLLATE rtrim, id INTEGER PRIMARY KEY AUTOINCREMENT,
    "check" int, CONSTRAINT "two" CHECK (c > 0) CHECK (d in (1, 2)) CONSTRAINT fk FOREIGN KEY (c) REFERENCES q (x) NOT DEFERRABLE)`);
  expect(read).toEqual({
    columns: [
      { name: 'a,b', collation: 'nocase', generatedSql: null },
      { name: 'c', collation: null, generatedSql: null },
      { name: 'd', collation: null, generatedSql: 'c * 2' },
      { name: 'e', collation: 'rtrim', generatedSql: 'max(c, 1)' },
      { name: 'id', collation: null, generatedSql: null },
      { name: 'check', collation: null, generatedSql: null },
    ],
    checks: [
      { name: 'ok', sql: `"a,b" <> ')'` },
      { name: 'two', sql: 'c > 0' },
      { name: null, sql: 'd in (1, 2)' },
    ],
    foreignKeys: [
      { name: null, deferred: true },
      { name: 'fk', deferred: false },
    ],
    autoincrement: true,
  });
});

test('reads the terms and the condition of an index, and the module of a virtual table', () => {
  expect(
    readCreateIndex(
      `CREATE UNIQUE INDEX "i (x" ON [a,b] (lower("n") COLLATE nocase DESC, c ASC) WHERE c IS NOT NULL AND d IN (1)`,
    ),
  ).toEqual({ terms: ['lower("n")', 'c'], collations: ['nocase', null], where: 'c IS NOT NULL AND d IN (1)' });
  expect(moduleOf(`create virtual table "w" using 'fts5'(a, content='')`)).toBe('fts5');
});
