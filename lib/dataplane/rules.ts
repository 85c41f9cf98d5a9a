import { isUtf8 } from 'node:buffer';
import { type Cell, RawText } from '@/lib/sources/source';
import type { Misfit } from './encode-value';
import type { ChosenRules, FindingCode, RuleName, TargetColumn } from './types';

export const findingKey = (table: string, column: string | null, code: FindingCode): string =>
  `${table}.${column ?? '*'}.${code}`;

/** The rule chosen for a finding, or null. */
export const ruleFor = (rules: ChosenRules, table: string, column: string | null, code: FindingCode): RuleName | null =>
  (rules.find(({ key }) => key === findingKey(table, column, code))?.rule as RuleName | undefined) ?? null;

/** What every rule does, in the words the operator reads. */
export const ruleEffects: Record<RuleName, string> = {
  'leave-out': 'It is not moved; the row diff lists it as not compared.',
  'take-whole': 'All rows of the table are moved, whoever they belong to.',
  accept: 'Taken as it is.',
  'widen-to-bigint': 'The target column becomes bigint; every value is kept.',
  'widen-to-text': 'The target column becomes text; every value is kept.',
  'drop-not-null': 'The target column takes NULL; every value is kept.',
  'strip-nul': 'The NUL characters are removed from the text.',
  'escape-nul': 'Each NUL character becomes the six characters \\u0000.',
  'escape-bytes': 'Each byte that is no valid UTF-8 becomes \\x and two hex digits.',
  'empty-to-null': 'Empty text becomes NULL.',
  'set-null': 'The values that do not fit become NULL.',
  'convert-exact': 'Converted where the value reads back the same; anything else still stops the import.',
  'leave-out-rows': 'These rows are not moved; the row diff lists them as not compared.',
  'keep-target-value': 'The trigger’s value stands; the column is not compared.',
};

/** Rules on offer for a value that does not fit, safest first. */
export function rulesOnOffer(code: Misfit, column: TargetColumn): RuleName[] {
  const setNull: RuleName[] = column.notNull ? [] : ['set-null'];
  switch (code) {
    case 'integer_out_of_range':
      return column.type === 'int2' || column.type === 'int4' ? ['widen-to-bigint', ...setNull] : setNull;
    case 'nul_in_text':
      return ['strip-nul', 'escape-nul', ...setNull];
    case 'invalid_utf8':
      return ['escape-bytes', ...setNull];
    case 'empty_text':
      return column.notNull ? [] : ['empty-to-null'];
    case 'null_in_not_null':
      return ['drop-not-null'];
    case 'too_long':
      return ['widen-to-text', ...setNull];
    case 'class_differs':
      return ['convert-exact', ...setNull];
    case 'bad_value':
      return column.type === 'bpchar' ? ['accept', ...setNull] : setNull;
  }
}

/** The column as it will be once the chosen rules have altered it. */
export function alteredColumn(column: TargetColumn, table: string, source: string, rules: ChosenRules): TargetColumn {
  const next = { ...column };
  if (
    ruleFor(rules, table, source, 'integer_out_of_range') === 'widen-to-bigint' &&
    (column.type === 'int2' || column.type === 'int4')
  )
    Object.assign(next, { type: 'int8', typeText: 'bigint' });
  if (ruleFor(rules, table, source, 'too_long') === 'widen-to-text')
    Object.assign(next, { type: 'text', typeText: 'text', maxChars: null });
  if (ruleFor(rules, table, source, 'null_in_not_null') === 'drop-not-null') next.notNull = false;
  return next;
}

/** A cell by a chosen rule. The same cell comes back where the rule has no answer for it. */
export function applyRule(rule: RuleName, cell: Cell, column: TargetColumn): Cell {
  switch (rule) {
    case 'strip-nul':
      return typeof cell === 'string' ? cell.replaceAll('\0', '') : cell;
    case 'escape-nul':
      return typeof cell === 'string' ? cell.replaceAll('\0', '\\u0000') : cell;
    case 'escape-bytes':
      return cell instanceof RawText ? escapeBytes(cell.bytes) : cell;
    case 'empty-to-null':
      return cell === '' ? null : cell;
    case 'set-null':
      return null;
    case 'convert-exact':
      return convertExact(cell, column.type);
    case 'accept':
      return column.type === 'bpchar' && typeof cell === 'string' ? padTo(cell, column.maxChars ?? 1) : cell;
    default:
      return cell;
  }
}

const padTo = (text: string, chars: number): string => text + ' '.repeat(Math.max(0, chars - [...text].length));

function convertExact(cell: Cell, type: string): Cell {
  const toNumber = /^(int|float|numeric|bool)/.test(type);
  if (toNumber && typeof cell === 'number' && Number.isInteger(cell) && !Object.is(cell, -0)) return BigInt(cell);
  if (toNumber && typeof cell === 'string') {
    if (/^(0|-?[1-9]\d*)$/.test(cell)) return BigInt(cell);
    return String(Number(cell)) === cell && Number.isFinite(Number(cell)) ? Number(cell) : cell;
  }
  if (!toNumber && (typeof cell === 'bigint' || typeof cell === 'number')) return String(cell);
  if (!toNumber && Buffer.isBuffer(cell)) return isUtf8(cell) ? cell.toString('utf8') : cell;
  return cell;
}

/** Keeps what is valid UTF-8, byte by byte; the backslash itself is doubled, so that the text can be read back. */
export function escapeBytes(bytes: Buffer): string {
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const size = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    if (size) {
      const text = bytes.toString('utf8', at, at + size);
      out += text === '\\' ? '\\\\' : text;
      at += size;
    } else {
      out += `\\x${(bytes[at] as number).toString(16).padStart(2, '0')}`;
      at += 1;
    }
  }
  return out;
}
