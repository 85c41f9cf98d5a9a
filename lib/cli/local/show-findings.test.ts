import { expect, test } from 'vitest';
import { ruleEffects } from '@/lib/dataplane/rules';
import type { RuleName } from '@/lib/dataplane/types';
import { chooseRules, readRule } from './chosen-rules';
import { showFindings } from './show-findings';

const finding = (column: string, names: RuleName[]) => ({
  key: `t.${column}.class_differs`,
  code: 'class_differs',
  table: 't',
  column,
  count: '1',
  sample: [],
  blocking: true,
  message: 'Does not fit.',
  rules: names.map((name) => ({ name, effect: ruleEffects[name] })),
});

test('proposes rules that keep every value, marks the ones that lose it, and stays silent where there is none', () => {
  const lines: string[] = [];
  const output = { json: false, line: (text: string) => void lines.push(text), result: () => undefined };
  const findings = [finding('a', ['set-null', 'widen-to-text']), finding('b', ['set-null']), finding('c', [])];
  showFindings(output as Parameters<typeof showFindings>[0], findings as Parameters<typeof showFindings>[1], {});
  expect(lines.slice(lines.indexOf('Answer each with one of its rules, for instance:') + 1)).toEqual([
    "  --rule 't.a.class_differs=widen-to-text'",
    "  --rule 't.b.class_differs=set-null'  # (loses the value)",
  ]);
});

test('a name with a quote, a line break or a space of another kind is printed as one word that --rule takes', () => {
  const lines: string[] = [];
  const output = { json: false, line: (text: string) => void lines.push(text), result: () => undefined };
  const odd = finding("it's\n\u00a0b", ['widen-to-text']);
  showFindings(output as Parameters<typeof showFindings>[0], [odd] as Parameters<typeof showFindings>[1], {});
  const printed = lines.at(-1) ?? '';
  expect(printed).toBe("  --rule 't.it'\\''s\\n\\u00a0b.class_differs=widen-to-text'");
  const typed = printed.replace("  --rule '", '').replace(/'$/, '').replace("'\\''", "'");
  expect(chooseRules([odd], [readRule(typed)])).toEqual({ [odd.key]: 'widen-to-text' });
  const other = finding("it's\\n\u00a0b", ['widen-to-text']);
  expect(() => chooseRules([odd, other], [readRule(typed)])).toThrow(/no finding/);
});
