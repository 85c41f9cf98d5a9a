import { expect, it } from 'vitest';
import type { FindingShown } from '@/lib/shared/evidence';
import { byTable, filterFindings, firstRule, lostBy, sharedExtent, sharedKinds } from './finding-groups';

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
it('preselects for a kind no rule that loses values, says what one would lose, and which keeping rule fits some', () => {
  const lost = { name: 'set-null', effect: '', loses: true as const };
  const text = { name: 'widen-to-text', effect: '' };
  const odd = (table: string, count: string, rules: FindingShown['rules']) =>
    finding(table, 'class_differs', { count, rules });
  const [kind] = sharedKinds([odd('a', '2', [text, lost]), odd('b', '1200', [lost]), odd('c', '2', [lost])]);
  if (!kind) throw new Error('three of one kind');
  expect([kind.rules, firstRule(kind), sharedExtent(kind), kind.partly]).toEqual([
    [lost],
    '',
    '1,204 values in 3 columns',
    [{ name: 'widen-to-text', fits: 1 }],
  ]);
  expect(firstRule({ rules: [lost, text] })).toBe('widen-to-text');
  expect(kind.open.slice(0, 2).map(lostBy)).toEqual([
    '2 values of a.c would be lost, whole or in part.',
    '1,200 values of b.c would be lost, whole or in part.',
  ]);
});
it('finds by every word, and only what is to decide when asked', () => {
  expect(filterFindings(all, { text: 'videos nul', openOnly: false }).map(({ key }) => key)).toEqual([
    'videos.nul_in_text',
  ]);
  expect(filterFindings(all, { text: '', openOnly: true })).toHaveLength(2);
});
