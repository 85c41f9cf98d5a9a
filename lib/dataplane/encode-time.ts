import type { Misfit } from './finding-types';

const dayMs = 86_400_000;
const epochDays = 10_957; // 1970-01-01 to 2000-01-01, PostgreSQL's zero
const epochMicros = BigInt(epochDays) * BigInt(dayMs) * 1000n;
const shape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?$/i;

/** `dayMicros`: microseconds since midnight, as written. */
export type IsoParts = { days: number; dayMicros: number; hasTime: boolean; offsetMinutes: number | null };

/** ISO 8601 text to days and microseconds, or why not: no February 30, no 24:00, no second 60, no year 0, no seventh digit. */
export const parseIso = (text: string): IsoParts | Misfit => parseCommon(text) ?? parseAny(text);

const [zero, dash, colon, point, space, plus, letterT, letterZ] = [48, 45, 58, 46, 32, 43, 84, 90];

/** `2026-11-21 10:00:00`, with T, a fraction of up to six digits, Z or an hour of offset: a pattern would cost four times as much.
 *  Null for anything that is not plainly such a time; days 29 to 31 are left to the calendar. */
function parseCommon(text: string): IsoParts | null {
  const { length } = text;
  if (length < 19 || length > 32) return null;
  const between = text.charCodeAt(10);
  if (
    (between !== letterT && between !== space) ||
    text.charCodeAt(4) !== dash ||
    text.charCodeAt(7) !== dash ||
    text.charCodeAt(13) !== colon ||
    text.charCodeAt(16) !== colon
  )
    return null;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  // What is no digit makes the number NaN, and no comparison with that holds.
  const plain = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!plain || !(hour <= 23 && minute <= 59 && second <= 59)) return null;
  let at = 19;
  let fraction = 0;
  if (text.charCodeAt(at) === point) {
    let digits = 0;
    for (at += 1; at < length; at += 1) {
      const digit = text.charCodeAt(at) - zero;
      if (digit < 0 || digit > 9) break;
      digits += 1;
      fraction = fraction * 10 + digit;
    }
    if (digits < 1 || digits > 6) return null;
    for (; digits < 6; digits += 1) fraction *= 10;
  }
  const offsetMinutes = offsetAt(text, at);
  if (offsetMinutes === undefined) return null;
  const dayMicros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction;
  return { days: daysOf(year, month, day), dayMicros, hasTime: true, offsetMinutes };
}

function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const ones = text.charCodeAt(at + 1) - zero;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : tens * 10 + ones;
}

/** Null: there is none. Undefined: whatever stands there is for the pattern to judge. */
function offsetAt(text: string, at: number): number | null | undefined {
  const { length } = text;
  if (at === length) return null;
  const sign = text.charCodeAt(at);
  if (sign === letterZ) return at + 1 === length ? 0 : undefined;
  if ((sign !== plus && sign !== dash) || at + 6 !== length || text.charCodeAt(at + 3) !== colon) return undefined;
  const hours = pair(text, at + 1);
  const minutes = pair(text, at + 4);
  if (!(hours <= 15 && minutes <= 59)) return undefined;
  return sign === dash ? -(hours * 60 + minutes) : hours * 60 + minutes;
}

/** Days since 2000-01-01 of a day of the Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    shifted * 365 + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400) + ofYear - 730_425
  );
}

function parseAny(text: string): IsoParts | Misfit {
  const match = shape.exec(text);
  if (!match) return 'not_a_time';
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(match[i] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return 'time_impossible';
  const fraction = match[7] ?? '';
  const dayEnds = hour === 24 && minute === 0 && second === 0 && !/[1-9]/.test(fraction);
  if (dayEnds || (second === 60 && hour <= 23 && minute <= 59)) return 'time_past_midnight';
  if (hour > 23 || minute > 59 || second > 59) return 'time_impossible';
  if (/[1-9]/.test(fraction.slice(6))) return 'time_too_fine';
  return {
    days: date.getTime() / dayMs - epochDays,
    dayMicros: ((hour * 60 + minute) * 60 + second) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0')),
    hasTime: match[4] !== undefined,
    offsetMinutes: offsetOf(match[8]),
  };
}

function offsetOf(text: string | undefined): number | null {
  if (!text) return null;
  if (text.toUpperCase() === 'Z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return text.startsWith('-') ? -minutes : minutes;
}

/** Microseconds since 2000-01-01, the wire form of timestamp and timestamptz; a whole number is exact up to the year 2285. */
export function timestampMicros({ days, dayMicros, offsetMinutes }: IsoParts): number | bigint {
  const ofDay = dayMicros - (offsetMinutes ?? 0) * 60_000_000;
  const all = days * (dayMs * 1000) + ofDay;
  return Number.isSafeInteger(all) ? all : BigInt(days) * BigInt(dayMs) * 1000n + BigInt(ofDay);
}

/** Microseconds since 1970 to the wire form. */
export const wireMicros = (unixMicros: bigint): bigint => unixMicros - epochMicros;

/** The wire form of a timestamp as ISO text with all six digits. */
export function showTimestamp(micros: bigint, zone: boolean): string {
  if (micros === 0x7fffffffffffffffn) return 'infinity';
  if (micros === -0x8000000000000000n) return '-infinity';
  const unix = micros + epochMicros;
  const part = ((unix % 1000n) + 1000n) % 1000n;
  const date = new Date(Number((unix - part) / 1000n));
  if (Number.isNaN(date.getTime())) return `${micros} µs since 2000`;
  return `${date.toISOString().replace('Z', '')}${String(part).padStart(3, '0')}${zone ? 'Z' : ''}`;
}

export const showDate = (days: number): string => {
  const date = new Date((days + epochDays) * dayMs);
  return Number.isNaN(date.getTime()) ? `day ${days}` : date.toISOString().slice(0, 10);
};
