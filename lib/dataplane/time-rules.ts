import type { Cell } from '@/lib/sources/source';
import { showTimestamp, wireMicros } from './encode-time';
import type { RuleName } from './finding-types';
import type { TargetColumn } from './types';

const second = 1_000_000n;
const day = 86_400n * second;
const julianEpoch = 2_440_587.5;
/** A number is believed only where its time lies between 1900 and 2200 … */
const earliest = BigInt(Date.UTC(1900, 0, 1)) * 1000n;
const latest = BigInt(Date.UTC(2200, 0, 1)) * 1000n;
/** … and only where it could not be a time of this century in the next larger unit: seconds up to 2100 are below this. */
const mostSeconds = 4_200_000_000n;

const perUnit: Partial<Record<RuleName, { micros: (value: bigint) => bigint; least: bigint }>> = {
  'epoch-seconds': { micros: (value) => value * second, least: 0n },
  'epoch-milliseconds': { micros: (value) => value * 1000n, least: mostSeconds },
  'epoch-microseconds': { micros: (value) => value, least: mostSeconds * 1000n },
};

/** The instant (microseconds since 1970) a number stands for under a rule, or null where that is not plausible. */
export function instantOf(rule: RuleName, cell: bigint | number): bigint | null {
  if (rule === 'epoch-zero') return Number(cell) === 0 ? 0n : null;
  const micros = typeof cell === 'bigint' ? integerInstant(rule, cell) : realInstant(rule, cell);
  return micros !== null && micros >= earliest && micros < latest ? micros : null;
}

function integerInstant(rule: RuleName, value: bigint): bigint | null {
  if (rule === 'epoch-by-size') {
    const units: RuleName[] = ['epoch-seconds', 'epoch-milliseconds', 'epoch-microseconds'];
    const size = value < 0n ? -value : value;
    const unit = units.findLast((name) => size >= (perUnit[name]?.least ?? 0n)) as RuleName;
    return perUnit[unit]?.micros(value) ?? null;
  }
  const unit = perUnit[rule];
  if (!unit) return null;
  return (value < 0n ? -value : value) >= unit.least ? unit.micros(value) : null;
}

function realInstant(rule: RuleName, value: number): bigint | null {
  if (!Number.isFinite(value)) return null;
  if (rule === 'julian-days') return BigInt(Math.floor((value - julianEpoch) * 86_400_000 + 0.5)) * 1000n;
  // A Julian day of these centuries read as seconds would be some day of January 1970.
  const julian = value >= 2_415_020.5 && value < 2_524_594;
  return rule === 'epoch-seconds' && Math.abs(value) < 1e11 && !julian ? BigInt(Math.round(value * 1e6)) : null;
}

/** An instant as the text that the column’s own encoder takes; null for a date column unless it is midnight. */
function instantText(micros: bigint, { type }: TargetColumn): string | null {
  if (type !== 'date') return showTimestamp(wireMicros(micros), type === 'timestamptz');
  return micros % day === 0n ? showTimestamp(wireMicros(micros), false).slice(0, 10) : null;
}

/** A time by a chosen rule; the same cell comes back where the rule has no answer for it. */
export function applyTimeRule(rule: RuleName, cell: Cell, column: TargetColumn): Cell {
  if (typeof cell === 'bigint' || typeof cell === 'number') {
    const micros = instantOf(rule, cell);
    return (micros === null ? null : instantText(micros, column)) ?? cell;
  }
  if (typeof cell !== 'string') return cell;
  switch (rule) {
    case 'as-utc':
      return `${cell}Z`;
    case 'to-utc':
      return toUtc(cell);
    case 'at-midnight':
      return `${cell}T00:00:00${column.type === 'timestamptz' ? 'Z' : ''}`;
    case 'cut-to-microseconds':
      return cell.replace(/(\.\d{6})\d+/, '$1');
    case 'roll-over':
      return rollOver(cell);
    default:
      return cell;
  }
}

const offset = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;

function toUtc(text: string): string {
  const zone = offset.exec(text)?.[0];
  if (!zone) return text;
  const local = text.slice(0, -zone.length);
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = /z/i.test(zone) ? 0 : Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return shifted(local, zone.startsWith('-') ? minutes : -minutes);
}

/** 23:59:60.5 becomes 00:00:00.5 of the next day, 12:30:60 becomes 12:31:00, 24:00 becomes 00:00 of the next day. */
function rollOver(text: string): string {
  const zone = /[T ].*?(Z|[+-]\d{2}(?::?\d{2})?)$/i.exec(text)?.[1] ?? '';
  const local = text.slice(0, text.length - zone.length);
  const back = /[T ]24:/.test(local)
    ? shifted(local.replace(/([T ])24:/, '$123:'), 60)
    : shifted(local.replace(/:60(?=\.|$)/, ':59'), 0, 1);
  return `${back}${zone}`;
}

/** Clock text moved by minutes and seconds; its fraction stays as written. */
function shifted(local: string, minutes: number, seconds = 0): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?$/.exec(local);
  if (!match) return local;
  const date = new Date(0);
  date.setUTCFullYear(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  date.setUTCHours(Number(match[4]), Number(match[5]) + minutes, Number(match[6] ?? 0) + seconds);
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) return local;
  return `${date.toISOString().slice(0, 19)}${match[7] ?? ''}`;
}
