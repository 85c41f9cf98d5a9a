import type { SourceTable } from '@/lib/sources/source';
import type { FindingCode, Misfit, RuleName } from './finding-types';
import type { ChosenRules, TargetColumn } from './types';

export { applyRule, asWidened, escapeBytes, looksLikeHex } from './apply-rule';
export { ruleEffects } from './rule-texts';

export const findingKey = (table: string, column: string | null, code: FindingCode): string =>
  `${table}.${column ?? '*'}.${code}`;

/** The rule chosen for a finding, or null. */
export const ruleFor = (rules: ChosenRules, table: string, column: string | null, code: FindingCode): RuleName | null =>
  (rules.find(({ key }) => key === findingKey(table, column, code))?.rule as RuleName | undefined) ?? null;

/** The kind of value that a mixed column of JSON keeps where the rule makes the others NULL; else null. */
export const mostKept = (
  { name, staged }: Pick<SourceTable, 'name' | 'staged'>,
  column: string,
  rules: ChosenRules,
): string | null => {
  const one = staged?.get(column);
  return one?.classes && ruleFor(rules, name, column, 'types_differ') === 'set-null' ? one.most : null;
};

const unitRules: RuleName[] = ['epoch-seconds', 'epoch-milliseconds', 'epoch-microseconds', 'epoch-by-size'];

/** What may help by code, safest first; `profile-values` drops every rule that would leave even one of the values as it is. */
const candidates: Record<Misfit, readonly RuleName[]> = {
  integer_out_of_range: ['widen-to-bigint', 'widen-to-numeric', 'widen-to-text', 'set-null'],
  number_too_large: ['widen-to-numeric', 'widen-to-double', 'widen-to-text', 'set-null'],
  digits_lost: ['widen-to-numeric', 'widen-to-double', 'widen-to-text', 'round-to-scale', 'set-null'],
  real_in_integer: [
    'convert-exact',
    'widen-to-numeric',
    'widen-to-double',
    'widen-to-text',
    'round-to-integer',
    'set-null',
  ],
  not_finite: ['widen-to-double', 'widen-to-text', 'set-null'],
  negative_zero: ['widen-to-double', 'widen-to-text', 'drop-zero-sign', 'set-null'],
  boolean_word: ['read-boolean-words', 'widen-to-text', 'set-null'],
  not_boolean: ['convert-exact', 'widen-to-text', 'nonzero-is-true', 'set-null'],
  nul_in_text: ['widen-to-bytea', 'escape-nul', 'strip-nul', 'set-null'],
  invalid_utf8: ['widen-to-bytea', 'escape-bytes', 'read-as-latin1', 'set-null'],
  lone_surrogate: ['widen-to-bytea', 'escape-surrogates', 'escape-bytes', 'set-null'],
  blob_in_text: ['convert-exact', 'widen-to-bytea', 'bytes-as-hex', 'set-null'],
  class_differs: ['convert-exact', 'widen-to-text', 'widen-to-text-hex', 'set-null'],
  null_in_not_null: ['drop-not-null', 'leave-out-rows'],
  too_long: ['widen-to-text', 'set-null'],
  empty_text: ['empty-to-null', 'widen-to-text'],
  not_json: ['widen-to-text', 'set-null'],
  json_not_storable: ['widen-to-json', 'widen-to-text', 'set-null'],
  json_duplicate_key: ['widen-to-json', 'widen-to-text', 'last-key-wins', 'set-null'],
  time_zero: ['set-null', 'epoch-zero', 'widen-to-text'],
  integer_in_time: [...unitRules, 'widen-to-text', 'set-null'],
  real_in_time: ['julian-days', 'epoch-seconds', 'widen-to-text', 'set-null'],
  time_impossible: ['set-null', 'widen-to-text'],
  time_past_midnight: ['roll-over', 'widen-to-text', 'set-null'],
  time_too_fine: ['widen-to-text', 'cut-to-microseconds', 'set-null'],
  time_with_offset: ['to-utc', 'widen-to-text', 'set-null'],
  time_without_zone: ['as-utc', 'widen-to-timestamp', 'widen-to-text', 'set-null'],
  time_in_date: ['widen-to-timestamp', 'widen-to-text', 'set-null'],
  date_without_time: ['at-midnight', 'widen-to-text', 'set-null'],
  not_a_time: ['widen-to-text', 'set-null'],
  bad_value: ['pad-with-spaces', 'widen-to-text', 'set-null'],
};

/** Rules that may be offered for a value that does not fit this column. */
export const rulesOnOffer = (code: Misfit, column: TargetColumn): RuleName[] =>
  candidates[code].filter((rule) => {
    if (rule === 'set-null' || rule === 'empty-to-null') return !column.notNull;
    if (rule === 'pad-with-spaces') return column.type === 'bpchar';
    if (rule in widened) return (widened[rule]?.from ?? []).includes(column.type) && !column.identity;
    return true;
  });

type Widening = { from: readonly string[]; type: string; typeText: string };
const numbers = ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric'];
const texts = ['text', 'varchar', 'bpchar', 'citext'];
const times = ['date', 'timestamp', 'timestamptz'];

/** Weakest first: where several are chosen for one column, the last of them holds. */
const widened: Partial<Record<RuleName, Widening>> = {
  'widen-to-bigint': { from: ['int2', 'int4'], type: 'int8', typeText: 'bigint' },
  'widen-to-timestamp': {
    from: ['date', 'timestamptz'],
    type: 'timestamp',
    typeText: 'timestamp without time zone',
  },
  'widen-to-json': { from: ['jsonb'], type: 'json', typeText: 'json' },
  'widen-to-double': {
    from: ['int2', 'int4', 'int8', 'float4', 'numeric'],
    type: 'float8',
    typeText: 'double precision',
  },
  'widen-to-numeric': { from: numbers, type: 'numeric', typeText: 'numeric' },
  'widen-to-text': {
    from: [...numbers, ...times, 'bool', 'varchar', 'bpchar', 'uuid', 'json', 'jsonb', 'enum'],
    type: 'text',
    typeText: 'text',
  },
  'widen-to-text-hex': { from: [...numbers, 'bool', 'bytea'], type: 'text', typeText: 'text' },
  'widen-to-bytea': { from: texts, type: 'bytea', typeText: 'bytea' },
  'as-boolean': { from: ['text'], type: 'bool', typeText: 'boolean' },
  'as-date': { from: ['text'], type: 'date', typeText: 'date' },
  'as-timestamp': { from: ['text'], type: 'timestamp', typeText: 'timestamp without time zone' },
  'as-timestamptz': { from: ['text'], type: 'timestamptz', typeText: 'timestamp with time zone' },
};

/** The column as it will be once the chosen rules have altered it. */
export function alteredColumn(column: TargetColumn, table: string, source: string, rules: ChosenRules): TargetColumn {
  const own = rules.filter(({ key }) => key.startsWith(`${table}.${source}.`));
  const chosen = new Set(own.filter(({ key, rule }) => isKeyOf(key, table, source, rule)).map(({ rule }) => rule));
  const next = { ...column };
  for (const [rule, { from, type, typeText }] of Object.entries(widened) as [RuleName, Widening][])
    if (chosen.has(rule) && from.includes(column.type))
      Object.assign(next, { type, typeText, maxChars: null, precision: null, scale: null });
  if (chosen.has('drop-not-null')) next.notNull = false;
  return next;
}

/** A key names the column only if what follows is a code that offers the rule: a column's own name may hold dots. */
const isKeyOf = (key: string, table: string, source: string, rule: string): boolean => {
  const code = key.slice(`${table}.${source}.`.length);
  return (
    (code in candidates && candidates[code as Misfit].includes(rule as RuleName)) ||
    (code === 'offset_not_kept' && rule === 'widen-to-text') ||
    (code === 'identity_headroom' && rule === 'widen-to-bigint') ||
    (code === 'text_among_bytes' && rule === 'widen-to-text-hex') ||
    (code === 'declared_type_differs' && rule.startsWith('as-'))
  );
};
