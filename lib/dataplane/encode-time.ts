import type { Misfit } from './finding-types';

const dayMs = 86_400_000;
const epochDays = 10_957; // 1970-01-01 to 2000-01-01, PostgreSQL's zero
const epochMicros = BigInt(epochDays) * BigInt(dayMs) * 1000n;
const shape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?$/i;

export type IsoParts = { days: number; micros: bigint; hasTime: boolean; offsetMinutes: number | null };

/** ISO 8601 text to days and microseconds, or why not: no February 30, no 24:00, no second 60, no year 0, no seventh digit. */
export function parseIso(text: string): IsoParts | Misfit {
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
    micros:
      BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0') || '0'),
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

/** Microseconds since 2000-01-01, the wire form of timestamp and timestamptz. */
export const timestampMicros = ({ days, micros, offsetMinutes }: IsoParts): bigint =>
  BigInt(days) * BigInt(dayMs) * 1000n + micros - BigInt(offsetMinutes ?? 0) * 60_000_000n;

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
