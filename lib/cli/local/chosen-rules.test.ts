import { expect, it } from 'vitest';
import { chooseRules, readRule } from './chosen-rules';

const finding = (key: string) => ({
  key,
  code: 'no_primary_key',
  blocking: true,
  rules: [{ name: 'no-key', effect: '' }],
});

it('answers a table whose name begins with a space by its own key, and takes two that differ by it for two', () => {
  const findings = [finding(' lead.*.no_primary_key'), finding('lead.*.no_primary_key')];
  const chosen = (text: string) => Object.keys(chooseRules(findings, [readRule(text)]));
  expect(chosen(' lead.*.no_primary_key=no-key')).toEqual([' lead.*.no_primary_key']);
  expect(chosen('lead.*.no_primary_key= no-key ')).toEqual(['lead.*.no_primary_key']);
  expect(chosen(' *.no_primary_key=no-key')).toHaveLength(2);
  expect(() => chosen('  lead.*.no_primary_key=no-key')).toThrow('There is no finding');
});
