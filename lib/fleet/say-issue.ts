import type { z } from 'zod';
import { countWords } from '@/lib/shared/words';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;
export type Said = { path: (string | number)[]; problem: string };

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

/** What a schema expects, in words, where it has none of its own: for `safeParse(value, { error: expectedWords })`. */
export function expectedWords(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_format':
      return formatWords(issue);
    case 'too_small':
      return boundWords('at least', issue.origin, issue.minimum, issue.inclusive === false);
    case 'too_big':
      return boundWords('at most', issue.origin, issue.maximum, issue.inclusive === false);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return issue.discriminator ? oneOf(optionsOf(issue)) : 'another form';
    default:
      return 'something else';
  }
}

const optionsOf = (issue: object): readonly unknown[] =>
  'options' in issue && Array.isArray(issue.options) ? issue.options : [];

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;

function formatWords(issue: Extract<RawIssue, { code: 'invalid_format' }>): string {
  if (issue.format === 'url') return 'an address such as http://127.0.0.1:8080';
  if (issue.format === 'starts_with') return `text that begins with ${issue.prefix}`;
  return issue.pattern ? `text like ${issue.pattern}` : `a ${issue.format.replaceAll('_', ' ')}`;
}

function boundWords(bound: string, origin: string, limit: unknown, open: boolean): string {
  const count = Number(limit);
  if (origin === 'string') return count === 1 ? 'text that is not empty' : `${bound} ${countWords(count, 'character')}`;
  if (origin === 'array' || origin === 'set') return `${bound} ${countWords(count, 'entry', 'entries')}`;
  if (open) return `${bound === 'at least' ? 'more' : 'less'} than ${count}`;
  return `${bound} ${count}`;
}

/** What was found where the issue points, and what was expected: "is the number 4, expected: text".
 *  @param value the whole that was parsed, with `expectedWords` as its error map */
export function sayIssue(issue: Issue, value: unknown): Said[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], problem: `unknown key '${key}'` }));
    case 'custom':
      return [{ path, problem: issue.message }];
    case 'invalid_key':
      return [{ path, problem: `is no good name, expected: ${issue.issues[0]?.message ?? issue.message}` }];
    case 'invalid_union':
      return sayUnion(issue, path, value);
    default:
      return [{ path, problem: `${foundWords(at(value, path))}, expected: ${issue.message}` }];
  }
}

/** Of several forms the one that was meant is the one whose mistake lies deepest; else all of them are named. */
function sayUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: (string | number)[], value: unknown): Said[] {
  const found = at(value, path);
  const meant = issue.errors.find((errors) => errors.some((error) => error.path.length > 0));
  if (meant)
    return meant.flatMap((error) => sayIssue(error, found).map((said) => ({ ...said, path: [...path, ...said.path] })));
  const forms = [...new Set(issue.errors.flatMap((errors) => errors.map(({ message }) => message)))];
  return [{ path, problem: `${foundWords(found)}, expected: ${forms.join(' or ') || issue.message}` }];
}

const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, part) =>
      inner && typeof inner === 'object' ? (inner as Record<string | number, unknown>)[part] : undefined,
    value,
  );

const shownChars = 60;

function foundWords(found: unknown): string {
  if (found === undefined) return 'is missing';
  if (found === null || found === '') return 'is empty';
  if (typeof found === 'string') return `is '${found.length > shownChars ? `${found.slice(0, shownChars)}…` : found}'`;
  if (typeof found === 'number') return `is the number ${found}`;
  if (Array.isArray(found)) return found.length ? 'is a list' : 'is an empty list';
  return typeof found === 'object' ? 'is a group of keys' : `is ${String(found)}`;
}
