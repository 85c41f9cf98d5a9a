import type { Misfit } from './finding-types';

/** `classes`: storage classes of all those values. */
type Say = (where: string, type: string, classes: readonly string[]) => string;

const messages: Record<Misfit, Say> = {
  integer_out_of_range: (where, type) => `${where} holds integers that do not fit ${type}.`,
  number_too_large: (where, type) => `${where} holds numbers with more digits before the point than ${type} has.`,
  digits_lost: (where, type) => `${where} holds numbers whose digits ${type} cannot all keep.`,
  real_in_integer: (where, type) => `${where} holds numbers stored as real where the target has ${type}.`,
  not_finite: (where, type) => `${where} holds Infinity, which ${type} is not given.`,
  negative_zero: (where, type) => `${where} holds −0.0, whose sign ${type} cannot keep.`,
  boolean_word: (where) => `${where} holds words such as true and f where the target has boolean.`,
  not_boolean: (where) => `${where} holds numbers other than 0 and 1 where the target has boolean.`,
  nul_in_text: (where, type) => `${where} holds text with a NUL character, which PostgreSQL cannot store in ${type}.`,
  invalid_utf8: (where) => `${where} holds text whose bytes are no valid UTF-8.`,
  lone_surrogate: (where) => `${where} holds text with half of a surrogate pair, which is no character.`,
  blob_in_text: (where, type) => `${where} holds blobs where the target has ${type}.`,
  class_differs: (where, type, classes) =>
    `${where} holds values stored as ${classes.join(' or ')} where the target has ${type}.`,
  null_in_not_null: (where) => `${where} holds NULL where the target column must not be NULL.`,
  too_long: (where, type) => `${where} holds text longer than ${type}.`,
  empty_text: (where, type) => `${where} holds empty text where the target has ${type}.`,
  not_json: (where) => `${where} holds text that is no JSON.`,
  json_not_storable: (where, type) =>
    `${where} holds JSON that ${type} cannot keep: \\u0000, half of a surrogate pair, or numbers or nesting beyond its limits.`,
  json_duplicate_key: (where) => `${where} holds JSON objects with the same key twice, of which jsonb keeps only one.`,
  time_zero: (where, type) => `${where} holds 0 where the target has ${type}; 0 often means that there is no time.`,
  integer_in_time: (where, type) =>
    `${where} holds integers where the target has ${type}; their unit must be declared.`,
  real_in_time: (where, type) =>
    `${where} holds reals where the target has ${type}: Julian days or seconds, which must be declared.`,
  time_impossible: (where) => `${where} holds dates or times that do not exist.`,
  time_past_midnight: (where) => `${where} holds times such as 24:00:00 and 23:59:60, which PostgreSQL would move.`,
  time_too_fine: (where, type) => `${where} holds times finer than the microseconds of ${type}.`,
  time_with_offset: (where, type) => `${where} holds times with an offset, which ${type} cannot keep.`,
  time_without_zone: (where, type) => `${where} holds times without a zone where the target has ${type}.`,
  time_in_date: (where) => `${where} holds dates with a time of day where the target has date.`,
  date_without_time: (where, type) => `${where} holds dates without a time of day where the target has ${type}.`,
  not_a_time: (where, type) => `${where} holds text that is no ISO date or time where the target has ${type}.`,
  bad_value: (where, type) => `${where} holds values that ${type} cannot keep unchanged.`,
};

/** What is wrong, in the words the operator reads. */
export const misfitMessage = (misfit: Misfit, where: string, type: string, classes: readonly string[]): string =>
  messages[misfit](where, type, classes);

/** Codes that say how a value is stored; beside them stands what the whole column holds. */
export const storageCodes: ReadonlySet<string> = new Set<Misfit>([
  'real_in_integer',
  'blob_in_text',
  'class_differs',
  'time_zero',
  'integer_in_time',
  'real_in_time',
]);
