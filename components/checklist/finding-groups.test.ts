import { expect, it } from 'vitest';
import type { FindingShown } from '@/lib/shared/evidence';
import { byTable, filterFindings, sharedKinds } from './finding-groups';

const finding = (table: string, code: string, given: Partial<FindingShown> = {}): FindingShown => ({
  key: `${table}.${code}`,
  code,
  table,
  column: 'c',
  count: '1',
  message: `${code} in ${table}`,
  sample: [],
  rules: [
    { name: 'strip-nul', effect: '' },
    { name: 'leave-out-rows', effect: '' },
  ],
  rule: null,
  blocking: true,
  ...given,
});
const all = [
  finding('authors', 'empty_text', { blocking: false, rules: [] }),
  finding('notes', 'nul_in_text'),
  finding('videos', 'nul_in_text', { rules: [{ name: 'strip-nul', effect: '' }] }),
  finding('videos', 'orphan_rows', { rule: 'leave-out-rows' }),
];

it('puts tables with something to decide first', () => {
  expect(byTable(all).map(({ table, open, findings }) => [table, open, findings.length])).toEqual([
    ['notes', 1, 1],
    ['videos', 1, 2],
    ['authors', 0, 1],
  ]);
});
it('offers for a whole kind only what each of its open findings offers', () => {
  expect(sharedKinds(all).map(({ code, open, rules }) => [code, open.length, rules.map(({ name }) => name)])).toEqual([
    ['nul_in_text', 2, ['strip-nul']],
  ]);
});
it('finds by every word, and only what is to decide when asked', () => {
  expect(filterFindings(all, { text: 'videos nul', openOnly: false }).map(({ key }) => key)).toEqual([
    'videos.nul_in_text',
  ]);
  expect(filterFindings(all, { text: '', openOnly: true })).toHaveLength(2);
});
