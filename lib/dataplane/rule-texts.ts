import type { RuleName } from './finding-types';

/** What every rule does, in the words the operator reads. Each says what is kept, what is lost, and what the target looks like after. */
export const ruleEffects: Record<RuleName, string> = {
  'leave-out': 'It is not moved; the row diff lists it as not compared.',
  'take-whole': 'All rows of the table are moved, whoever they belong to.',
  accept: 'Taken as it is.',
  'leave-out-rows': 'These rows are not moved; the row diff lists them as not compared.',
  'carry-rowid': 'The rowid becomes a column of its own and the key of the table.',
  'no-key': 'The table has no key in the target either; its rows are compared as they are.',
  rename: 'The target takes the name shown.',
  'keep-as-json': 'Each value is moved as the JSON text it is written as, texts in their quotes; every value is kept.',
  'skip-bom': 'The three bytes of the mark are passed over; everything behind them is moved as it is.',
  'keep-first':
    'Of the records with the same key only the first is moved, in order of files and lines; the row diff lists the others as not compared.',
  'keep-last':
    'Of the records with the same key only the last is moved, in order of files and lines; the row diff lists the others as not compared.',
  'not-valid': 'All rows are moved; the constraint holds for rows written from now on.',
  'move-to-quarantine': 'These rows are moved into a table of their own, <table>_quarantine.',
  'leave-out-index':
    'All rows are moved; the target has no such index. Where it is unique, nothing in the target refuses a second row with the same key any more.',
  'digest-index':
    'All rows are moved; a unique index over the MD5 of the long columns takes its place: a second row with the same key is still refused, a search by the column is not helped.',
  'keep-target-value': 'The trigger’s value stands; the column is not compared.',

  'keep-values':
    'The column is a plain one in the target: every value is moved as the source has it, and the target does not compute it.',

  'use-expected-type': 'Bootstrap gives the column the type that the system expects, while its table holds no row.',

  'widen-to-bigint': 'The target column becomes bigint; every value is kept.',
  'widen-to-numeric': 'The target column becomes numeric without limits; every digit is kept.',
  'widen-to-double': 'The target column becomes double precision; every value keeps its eight bytes.',
  'widen-to-text':
    'The target column becomes text; every value is kept: numbers as their digits, infinities as the words Infinity and -Infinity.',
  'widen-to-text-hex':
    'The target column becomes text; every value is kept: numbers as their digits (infinities as the words Infinity and -Infinity), blobs as \\x and their bytes in hex.',
  'widen-to-bytea': 'The target column becomes bytea; every byte is kept, text as its UTF-8 bytes.',
  'widen-to-json': 'The target column becomes json; the text is kept character by character.',
  'widen-to-timestamp':
    'The target column becomes timestamp without time zone; the clock time is kept as it is written.',
  'drop-not-null': 'The target column takes NULL, and a primary key over it becomes a unique key; every row is kept.',

  'as-boolean':
    'The target column is boolean: t, true, y, yes, on and 1 become true; f, false, n, no, off and 0 become false; which of the words it was is not kept.',
  'as-date': 'The target column is date; every value is kept.',
  'as-timestamp':
    'The target column is timestamp without time zone: the clock time is kept to the microsecond; whether it was written with T or a space, and zeros at its end, are not.',
  'as-timestamptz':
    'The target column is timestamp with time zone: the instant is kept to the microsecond; whether it was written with T or a space, and zeros at its end, are not.',

  'convert-exact': 'Each of these values is converted to the column’s type; all of them read back the same.',
  'set-null': 'These values become NULL; what they held is lost in the target.',
  'empty-to-null': 'Empty text becomes NULL.',
  'round-to-integer':
    'Rounded to the nearest whole number, halves away from zero; the digits after the point are lost.',
  'round-to-scale': 'Rounded to the digits the column has, halves away from zero; the digits beyond are lost.',
  'drop-zero-sign': '−0.0 becomes 0; the sign is lost.',
  'read-boolean-words': 't, true, y, yes, on become true; f, false, n, no, off become false, in upper or lower case.',
  'nonzero-is-true': '0 is false, any other number is true; which number it was is lost.',
  'strip-nul': 'The NUL characters are removed from the text; the rest is kept.',
  'escape-nul': 'Each NUL character becomes the six characters \\u0000.',
  'escape-bytes':
    'Each byte that is no valid UTF-8 becomes \\x and two hex digits; in these texts a backslash is doubled.',
  'escape-surrogates':
    'Each half of a pair becomes six characters such as \\ud800; in these texts a backslash is doubled.',
  'read-as-latin1': 'The bytes of these texts are read as Latin-1 (ISO 8859-1), every byte one character.',
  'bytes-as-hex': 'Each of these blobs becomes text: \\x and its bytes in hex.',
  'pad-with-spaces': 'The text is padded with spaces to the length of the column, as PostgreSQL does with char(n).',
  'last-key-wins': 'Of the members with the same key only the last is kept, as jsonb does.',

  'epoch-seconds': 'Each number is seconds since 1970-01-01 00:00 UTC; parts of a second are kept to the microsecond.',
  'epoch-milliseconds': 'Each number is milliseconds since 1970-01-01 00:00 UTC.',
  'epoch-microseconds': 'Each number is microseconds since 1970-01-01 00:00 UTC.',
  'epoch-by-size':
    'The numbers are in several units: each is read as seconds, milliseconds or microseconds since 1970, whichever lies before the year 2100.',
  'epoch-zero': '0 becomes 1970-01-01 00:00 UTC.',
  'julian-days':
    'Each number is a Julian day (2440587.5 is 1970-01-01 00:00 UTC), read to the millisecond as SQLite does.',
  'roll-over': '24:00:00 and second 60 become the next minute: 23:59:60 is 00:00:00 of the following day.',
  'cut-to-microseconds': 'The digits after the sixth of a second are cut off.',
  'to-utc': 'The instant is kept and written in UTC; the offset it was written with is lost.',
  'as-utc': 'A time without a zone is read as UTC.',
  'at-midnight': 'A date without a time becomes 00:00:00 of that day, in UTC where the column has a zone.',
};

/** Rules after which a value, or part of it, is nowhere in the target. Never proposed where another rule is on offer. */
export const losingRules: ReadonlySet<string> = new Set<RuleName>([
  'leave-out',
  'leave-out-rows',
  'keep-first',
  'keep-last',
  'set-null',
  'empty-to-null',
  'round-to-integer',
  'round-to-scale',
  'drop-zero-sign',
  'nonzero-is-true',
  'strip-nul',
  'last-key-wins',
  'cut-to-microseconds',
]);
