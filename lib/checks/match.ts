import type { Matcher } from '@/lib/fleet/flow-schema';

type Scalar = string | number | boolean | null;
export type Match = { expected: string; got: string; passed: boolean };

/** Whether a value is what a flow expects, with both sides as text for the evidence. */
export function match(value: unknown, wanted: Matcher): Match {
  const rules = wanted !== null && typeof wanted === 'object' ? wanted : { equals: wanted };
  const tests = Object.entries(rules).filter(([, expected]) => expected !== undefined);
  return {
    expected: tests.map(([rule, expected]) => `${rule.replaceAll('_', ' ')} ${shown(expected)}`).join(', '),
    got: value === undefined ? 'absent' : shown(value),
    passed: tests.every(([rule, expected]) => holds(rule, value, expected as Scalar)),
  };
}

function holds(rule: string, value: unknown, expected: Scalar): boolean {
  if (rule === 'exists') return (value !== undefined) === expected;
  if (value === undefined) return false;
  if (rule === 'equals') return same(value, expected);
  if (rule === 'not_equals') return !same(value, expected);
  if (rule === 'matches')
    return typeof value === 'string' && new RegExp(String(expected), 'u').test(value.slice(0, 10_000));
  if (rule === 'contains')
    return Array.isArray(value)
      ? value.some((item) => same(item, expected))
      : typeof value === 'string' && value.includes(String(expected));
  if (rule === 'at_least') return atLeast(value, expected);
  return false;
}

/** Equal in type and value; a whole number equals its decimal text, since databases give 64-bit counts as text. */
function same(value: unknown, expected: Scalar): boolean {
  if (value === expected) return true;
  const whole = (one: unknown): string | null =>
    typeof one === 'number' && Number.isSafeInteger(one)
      ? String(one)
      : typeof one === 'bigint'
        ? one.toString()
        : null;
  if (typeof value === 'string') return whole(expected) === value;
  if (typeof expected === 'string') return whole(value) === expected;
  return whole(value) !== null && whole(value) === whole(expected);
}

function atLeast(value: unknown, expected: Scalar): boolean {
  if (!['number', 'string', 'bigint'].includes(typeof value) || value === '') return false;
  return Number(value) >= Number(expected);
}

function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? member.toString() : member));
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
