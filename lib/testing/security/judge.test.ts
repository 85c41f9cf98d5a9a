import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judge, readTable, testsOfPlaywright } from './judge.mjs';

const faults = readFileSync('lib/testing/faults.md', 'utf8');

it('every proof in the tables is the name of a test that is there', () => {
  const rows = readTable();
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 39 }, (_, n) => `S${String(n + 1).padStart(2, '0')}`));
  const texts = new Map<string, string>();
  for (const { id, proofs } of [...rows, ...readTable(faults)])
    for (const { file, title } of proofs) {
      const text = texts.get(file) ?? readFileSync(file, 'utf8');
      texts.set(file, text);
      // Of a table of cases the report has each name in quotes; the file has what is said of every case.
      const [, rest] = /^'[^']+' (.+)$/.exec(title) ?? [];
      const there = text.includes(rest ? `$name ${rest}` : title.trim());
      expect(there, `${id}: ${file}: ${title}`).toBe(true);
    }
});

it('counts a row only when each of its proofs ran and passed', () => {
  const row = {
    id: 'S99',
    threat: 'x',
    outside: null,
    proofs: [
      { file: 'a', title: 'one' },
      { file: 'b', title: 'two' },
    ],
  };
  const test = (file: string, title: string, passed = true) => ({ file, title, full: title, passed });
  const missing = (...tests: ReturnType<typeof test>[]) =>
    judge([row], tests)[0]?.missing.map(({ title }: { title: string }) => title);
  expect(missing(test('a', 'one is so'), test('b', 'two'))).toEqual([]);
  expect(missing(test('a', 'one is so'), test('c', 'two'))).toEqual(['two']);
  expect(missing(test('a', 'one'), test('b', 'two', false))).toEqual(['two']);
  expect(
    testsOfPlaywright({ suites: [{ file: 'x.spec.ts', specs: [{ title: 't', tests: [{ status: 'flaky' }] }] }] }),
  ).toEqual([{ file: 'e2e/x.spec.ts', title: 't', full: 't', passed: false }]);
});
