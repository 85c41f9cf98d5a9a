import { quoteText } from '@/lib/sources/quote';
import { type Expression, NotTheSame } from './parse-expression';
import { type Said, said } from './translate';

const utc = `(statement_timestamp() at time zone 'UTC')`;
const text = (pattern: string): Said => said(`to_char(${utc}, ${quoteText(pattern)})`, 'text');
const seconds = `floor(extract(epoch from statement_timestamp()))::bigint`;

/** What SQLite writes for "now", in UTC, in the same text form; null when the function reads no clock.
 *  @throws NotTheSame for local time, for modifiers and where no clock may be read */
export function sayClock(name: string, list: readonly Expression[], allowed: boolean): Said | null {
  const known = [
    'current_timestamp',
    'current_date',
    'current_time',
    'datetime',
    'date',
    'time',
    'strftime',
    'unixepoch',
  ];
  if (!known.includes(name)) return null;
  if (!allowed) throw new NotTheSame(`${name} depends on the clock`);
  const moment = name === 'strftime' ? list.slice(1) : list;
  if (moment.length > 1 || !moment.every(isNow))
    throw new NotTheSame(`${name}() with a modifier (local time, an offset) is not translated`);
  if (name === 'current_timestamp' || name === 'datetime') return text('YYYY-MM-DD HH24:MI:SS');
  if (name === 'current_date' || name === 'date') return text('YYYY-MM-DD');
  if (name === 'current_time' || name === 'time') return text('HH24:MI:SS');
  if (name === 'unixepoch') return said(seconds, 'int');
  const [format] = list;
  if (format?.is !== 'text') throw new NotTheSame('strftime() without a fixed format');
  return strftime(format.value);
}

const isNow = (one: Expression): boolean =>
  (one.is === 'text' && one.value.toLowerCase() === 'now') ||
  (one.is === 'name' && !one.quoted && one.value.toLowerCase() === 'current_timestamp');

const patterns: Record<string, string> = {
  Y: 'YYYY',
  m: 'MM',
  d: 'DD',
  H: 'HH24',
  M: 'MI',
  S: 'SS',
  f: 'SS.MS',
  j: 'DDD',
  F: 'YYYY-MM-DD',
  T: 'HH24:MI:SS',
  R: 'HH24:MI',
};

function strftime(format: string): Said {
  if (format === '%s') return said(`(${seconds})::text`, 'text');
  const pattern = format.replace(/%(.)|[^%]+/gsu, (part, letter: string | undefined) => {
    if (letter === undefined) return `"${part.replace(/["\\]/g, '\\$&')}"`;
    if (letter === '%') return '"%"';
    const own = Object.hasOwn(patterns, letter) ? patterns[letter] : undefined;
    if (!own) throw new NotTheSame(`strftime() with %${letter} is not translated`);
    return own;
  });
  return text(pattern);
}
