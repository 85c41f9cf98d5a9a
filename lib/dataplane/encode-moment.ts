import { type Cell, RawText } from '@/lib/sources/source';
import { damagedText } from './encode-text';
import { parseIso, timestampMicros } from './encode-time';
import type { ValueEncoder } from './encode-value';
import type { Misfit } from './finding-types';

/** timestamptz wants an offset in the text, timestamp wants none, date wants no time: anything else is a finding. A number has no unit, so it never fits by itself. */
export function timeEncoder(type: 'date' | 'timestamp' | 'timestamptz'): ValueEncoder {
  return (cell, out) => {
    if (typeof cell !== 'string') return noText(cell);
    if (cell === '') return 'empty_text';
    const parts = parseIso(cell);
    if (typeof parts === 'string') return parts;
    if (type === 'date') {
      if (parts.hasTime) return 'time_in_date';
      out.int32(4);
      out.int32(parts.days);
      return null;
    }
    if (!parts.hasTime) return 'date_without_time';
    if (type === 'timestamp' && parts.offsetMinutes !== null) return 'time_with_offset';
    if (type === 'timestamptz' && parts.offsetMinutes === null) return 'time_without_zone';
    out.int32(8);
    out.int64(timestampMicros(parts));
    return null;
  };
}

function noText(cell: Cell): Misfit {
  if (cell === 0n || cell === 0) return 'time_zero';
  if (typeof cell === 'bigint') return 'integer_in_time';
  if (typeof cell === 'number') return 'real_in_time';
  return cell instanceof RawText ? damagedText(cell) : 'class_differs';
}
