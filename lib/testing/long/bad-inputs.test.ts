import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseNames, runCase } from '@/e2e/fixtures/bad-inputs/support/run-case';
import { silentChanges } from '@/e2e/fixtures/bad-inputs/support/oracle';
import { Stand } from '@/e2e/fixtures/bad-inputs/support/stand';

/** The named sample of the catalogue: one case of each kind of trouble. `npm run test:long -- bad-inputs` runs them all. */
const sample = [
  'B01-text-in-integer',
  'B02-empty-text',
  'B06-integer-beyond-double',
  'B09-extreme-doubles',
  'B12-nul-in-text',
  'B13-invalid-utf8',
  'B14-lone-surrogate',
  'B15-escapes-in-json',
  'B17-text-in-blob',
  'B18-sqlite-jsonb',
  'B21-epoch-units',
  'B24-impossible-dates',
  'B27-offsets',
  'B42-mixed-case-names',
  'B45-names-over-63-bytes',
  'B53-autoincrement',
  'B66-nulls-in-keys',
  'B73-hot-journal',
  'B75-stale-wal',
  'B84-partial-import',
];

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.open();
});
afterAll(() => stand.close());

test('the sample names cases that are there, each once', () => {
  expect(caseNames()).toEqual(expect.arrayContaining(sample));
  expect(new Set(sample).size).toBe(20);
});

test.each(sample)('%s comes out as expected, and nothing changes silently', async (name) => {
  expect(await runCase(stand, name)).toMatchObject({ as: 'expected' });
  expect(stand.silent).toEqual([]);
});

test('the oracle sees a digit, a space, a sign of zero and a lost row, unless a chosen rule explains it', async () => {
  const trial = await stand.trial('oracle', {
    sqlite:
      "create table t (id integer primary key, n integer, v text, f); insert into t values (1, 9007199254740993, 'a', -0.0), (2, 5, 'b', 0.1)",
    target: 'create table t (id int8 primary key, n int8, v text, f float8)',
  });
  const findings = await trial.findings();
  await trial.load();
  expect(silentChanges(trial, 't', findings, {})).toEqual([]);
  trial.psql("update t set n = n - 1, v = v || ' ', f = 0 where id = 1");
  expect(silentChanges(trial, 't', findings, {})).toHaveLength(3);
  trial.psql('delete from t where id = 2');
  expect(silentChanges(trial, 't', findings, {})).toEqual([
    't: 2 rows in the source, 1 in the target, 0 left out by rule',
  ]);
});
