import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseNames, runCase } from '@/e2e/fixtures/bad-inputs/support/run-case';
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
