import { isUtf8 } from 'node:buffer';
import { type Cell, RawText } from '@/lib/sources/source';
import { roundDecimal } from './encode-number';
import type { RuleName } from './finding-types';
import { lastKeyWins } from './json-canonical';
import { applyTimeRule } from './time-rules';
import type { TargetColumn } from './types';

/** A cell by a chosen rule. The same cell comes back where the rule has no answer for it. */
export function applyRule(rule: RuleName, cell: Cell, column: TargetColumn): Cell {
  switch (rule) {
    case 'set-null':
      return null;
    case 'empty-to-null':
      return cell === '' ? null : cell;
    case 'convert-exact':
      return convertExact(cell, column.type);
    case 'round-to-integer':
      return typeof cell === 'number' && Number.isFinite(cell) ? BigInt(roundDecimal(cell, 0)) : cell;
    case 'round-to-scale':
      return typeof cell === 'number' && column.scale !== null ? roundDecimal(cell, column.scale) : cell;
    case 'drop-zero-sign':
      return Object.is(cell, -0) ? 0n : cell;
    case 'nonzero-is-true':
      return typeof cell === 'bigint' || typeof cell === 'number' ? (Number(cell) === 0 ? 0n : 1n) : cell;
    case 'read-boolean-words':
      return typeof cell === 'string' ? (/^(t|true|y|yes|on)$/i.test(cell) ? 1n : 0n) : cell;
    case 'last-key-wins':
      return typeof cell === 'string' ? lastKeyWins(cell) : cell;
    default:
      return applyTextRule(rule, cell, column);
  }
}

function applyTextRule(rule: RuleName, cell: Cell, column: TargetColumn): Cell {
  switch (rule) {
    case 'strip-nul':
      return typeof cell === 'string' ? cell.replaceAll('\0', '') : cell;
    case 'escape-nul':
      return typeof cell === 'string' ? cell.replaceAll('\0', '\\u0000') : cell;
    case 'escape-bytes':
      return cell instanceof RawText ? escapeBytes(cell.bytes) : cell;
    case 'escape-surrogates':
      return escapeSurrogates(cell);
    case 'read-as-latin1':
      return cell instanceof RawText ? cell.bytes.toString('latin1') : cell;
    case 'bytes-as-hex':
      return Buffer.isBuffer(cell) ? bytesAsHex(cell) : cell;
    case 'pad-with-spaces':
      return typeof cell === 'string' ? padTo(cell, column.maxChars ?? 1) : cell;
    default:
      return applyTimeRule(rule, cell, column);
  }
}

/** What a column that a rule has made wider takes besides its own values: numbers in a text column are their digits, and by a rule of its own blobs are hex. */
export function asWidened(cell: Cell, column: TargetColumn, bytesToo: boolean): Cell {
  if (column.type !== 'text') return cell;
  if (bytesToo && Buffer.isBuffer(cell)) return bytesAsHex(cell);
  if (typeof cell === 'bigint') return String(cell);
  return typeof cell === 'number' ? realText(cell) : cell;
}

/** The shortest digits that read back the same, with a point: 5.0 stays a real, apart from the integer 5, as SQLite writes it. */
export function realText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

const bytesAsHex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
/** Text that a blob in hex would look like. */
export const looksLikeHex = (cell: Cell): boolean => typeof cell === 'string' && /^\\x([0-9a-f]{2})*$/.test(cell);

const padTo = (text: string, chars: number): string => text + ' '.repeat(Math.max(0, chars - [...text].length));

function convertExact(cell: Cell, type: string): Cell {
  const toNumber = /^(int|float|numeric|bool)/.test(type);
  if (toNumber && typeof cell === 'number' && Number.isInteger(cell) && !Object.is(cell, -0)) return BigInt(cell);
  if (toNumber && typeof cell === 'string') {
    if (/^(0|-?[1-9]\d*)$/.test(cell)) return BigInt(cell);
    return String(Number(cell)) === cell && Number.isFinite(Number(cell)) ? Number(cell) : cell;
  }
  if (!toNumber && typeof cell === 'bigint') return String(cell);
  if (!toNumber && typeof cell === 'number') return realText(cell);
  if (!toNumber && Buffer.isBuffer(cell)) return bytesAs(cell, type);
  return cell;
}

const bytesAs = (bytes: Buffer, type: string): Cell => {
  if (type === 'uuid')
    return bytes.length === 16 ? bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : bytes;
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes;
};

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

/** \ud800 for each half of a pair, whether it came as a JavaScript string or as the three bytes of a surrogate. */
function escapeSurrogates(cell: Cell): Cell {
  if (typeof cell === 'string')
    return cell
      .replaceAll('\\', '\\\\')
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, codeOf);
  if (!(cell instanceof RawText)) return cell;
  let out = '';
  let from = 0;
  const { bytes } = cell;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = [bytes[at + 1], bytes[at + 2]];
    if (second < 0xa0) continue;
    out += bytes.toString('utf8', from, at).replaceAll('\\', '\\\\');
    out += codeOf(String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
    from = at + 3;
  }
  const tail = bytes.subarray(from);
  return isUtf8(tail) ? out + tail.toString('utf8').replaceAll('\\', '\\\\') : cell;
}

const codeOf = (half: string): string => `\\u${half.charCodeAt(0).toString(16)}`;
