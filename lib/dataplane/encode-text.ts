import { isUtf8 } from 'node:buffer';
import { type Cell, RawText } from '@/lib/sources/source';
import { jsonTextOfBlob } from '@/lib/sources/sqlite-json';
import type { ValueEncoder } from './encode-value';
import type { Misfit } from './finding-types';
import { canonicalJsonText, JsonProblem, requireJson } from './json-canonical';

type WellFormed = string & { isWellFormed(): boolean };

/** A cell that is no text at all where text is wanted. */
const notText = (cell: Cell): Misfit =>
  cell instanceof RawText ? damagedText(cell) : Buffer.isBuffer(cell) ? 'blob_in_text' : 'class_differs';

export function textEncoder(maxChars: number | null, padded: boolean): ValueEncoder {
  return (cell, out) => {
    if (typeof cell !== 'string') return notText(cell);
    if (!padded && (maxChars === null || cell.length <= maxChars) && out.asciiText(cell)) return null;
    if (cell.includes('\0')) return 'nul_in_text';
    // Written as UTF-8 half a pair would become U+FFFD without a word.
    if (!(cell as WellFormed).isWellFormed()) return 'lone_surrogate';
    if (maxChars !== null && cell.length > maxChars && countChars(cell) > maxChars) return 'too_long';
    // char(n) is padded with spaces by the server, which would be a silent change.
    if (padded && maxChars !== null && countChars(cell) !== maxChars) return 'bad_value';
    out.text(cell);
    return null;
  };
}

/** Characters as PostgreSQL counts them: code points. */
export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Bytes are taken as they are; text in a blob column keeps its bytes and nothing is guessed. */
export const encodeBytes: ValueEncoder = (cell, out) => {
  if (Buffer.isBuffer(cell)) out.field(cell);
  else if (cell instanceof RawText) out.field(cell.bytes);
  else if (typeof cell !== 'string') return 'class_differs';
  else if (!(cell as WellFormed).isWellFormed()) return 'lone_surrogate';
  else out.text(cell);
  return null;
};

export const encodeUuid: ValueEncoder = (cell, out) => {
  if (typeof cell !== 'string') return notText(cell);
  if (cell === '') return 'empty_text';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cell)) return 'bad_value';
  out.field(Buffer.from(cell.replaceAll('-', ''), 'hex'));
  return null;
};

const jsonMisfits: Record<JsonProblem['trouble'], Misfit> = {
  not_json: 'not_json',
  nul: 'json_not_storable',
  lone_surrogate: 'json_not_storable',
  number_too_large: 'json_not_storable',
  too_deep: 'json_not_storable',
  duplicate_key: 'json_duplicate_key',
};

/** json keeps the text as it is; jsonb keeps a value, so whatever jsonb would change is refused. SQLite's own JSONB is read as its JSON text. */
export function jsonEncoder(binary: boolean): ValueEncoder {
  const version = Buffer.from([1]);
  return (cell, out) => {
    const text = Buffer.isBuffer(cell) ? jsonTextOfBlob(cell) : cell;
    if (typeof text !== 'string') return text === null ? 'blob_in_text' : notText(text);
    if (text === '') return 'empty_text';
    if (!(text as WellFormed).isWellFormed()) return 'lone_surrogate';
    try {
      if (binary) canonicalJsonText(text);
      else requireJson(text);
    } catch (thrown) {
      if (thrown instanceof JsonProblem) return jsonMisfits[thrown.trouble];
      throw thrown;
    }
    if (binary) out.field(Buffer.concat([version, Buffer.from(text)]));
    else out.text(text);
    return null;
  };
}

/** Text whose bytes could not be decoded: damaged, or half of a surrogate pair written as if it were a character. */
export const damagedText = ({ bytes }: RawText): Misfit => (isWobbly(bytes) ? 'lone_surrogate' : 'invalid_utf8');

/** Whether the bytes are UTF-8 but for surrogates (ED A0..BF xx). */
function isWobbly(bytes: Buffer): boolean {
  const mended = Buffer.from(bytes);
  let found = false;
  for (let at = mended.indexOf(0xed); at >= 0; at = mended.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = [mended[at + 1], mended[at + 2]];
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    mended[at + 1] = 0x80;
    found = true;
  }
  return found && isUtf8(mended);
}
