import { isUtf8 } from 'node:buffer';
import { RawText } from '@/lib/sources/source';
import type { JsonWindow } from './json-window';

/** What a value is; `number` is any number token, `text` a string. */
export type JsonKind = 'null' | 'boolean' | 'number' | 'text' | 'object' | 'array';
/** A value where it stands: offsets of its exact text. */
export type JsonSpan = { kind: JsonKind; from: number; to: number; line: number; column: number };

/** Levels of nesting; PostgreSQL itself refuses somewhat more than 6,000. */
export const deepest = 1_000;

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openObject, closeObject, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Steps over white space; `lines`: a line feed ends a record and is not stepped over. Returns the byte it stands on, or -1. */
export function skipSpace(window: JsonWindow, lines = false): number {
  for (;;) {
    const byte = window.peek();
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) window.at += 1;
    else if (byte === 0x0a && !lines) {
      window.at += 1;
      window.newLine();
    } else return byte;
  }
}

/** Steps over one value and tests every byte of it. @throws NotJson */
export function skipValue(window: JsonWindow, lines: boolean): JsonSpan {
  const byte = skipSpace(window, lines);
  const { line, column, offset: from } = window.place();
  const kind = kindOf(window, byte);
  if (kind === 'object' || kind === 'array') skipNested(window, lines);
  else skipScalar(window, kind, byte);
  return { kind, from, to: window.offset, line, column };
}

function kindOf(window: JsonWindow, byte: number): JsonKind {
  if (byte === quote) return 'text';
  if (byte === openObject) return 'object';
  if (byte === openArray) return 'array';
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return 'number';
  if (byte === 0x74 || byte === 0x66) return 'boolean';
  if (byte === 0x6e) return 'null';
  if (byte === -1) return window.tear('where a value should stand');
  return window.fail(`${shown(byte)} where a value should stand`);
}

function skipScalar(window: JsonWindow, kind: JsonKind, byte: number): void {
  if (kind === 'text') skipText(window);
  else if (kind === 'number') skipNumber(window);
  else skipWord(window, kind === 'null' ? 'null' : byte === 0x74 ? 'true' : 'false');
}

/** Objects and arrays without recursion: what is open stands in a list. */
function skipNested(window: JsonWindow, lines: boolean): void {
  const open: number[] = [];
  const inside = () => (open.at(-1) === openObject ? 'in the middle of an object' : 'in the middle of an array');
  for (;;) {
    const byte = skipSpace(window, lines);
    if (byte === openObject || byte === openArray) {
      if (open.length === deepest) window.fail(`nested deeper than ${deepest} levels`);
      open.push(byte);
      window.at += 1;
      const next = skipSpace(window, lines);
      if (next === -1) window.tear(inside());
      if (next !== (byte === openObject ? closeObject : closeArray)) {
        if (byte === openObject) skipKey(window, lines);
        continue;
      }
    } else if (byte === -1) window.tear(inside());
    else skipScalar(window, kindOf(window, byte), byte);
    // A value has ended, or an object or array is empty: close what closes, until another value begins.
    for (;;) {
      const next = skipSpace(window, lines);
      if (next === -1) window.tear(inside());
      const closes = open.at(-1) === openObject ? closeObject : closeArray;
      if (next === closes) {
        window.at += 1;
        open.pop();
        if (!open.length) return;
      } else if (next === comma) {
        window.at += 1;
        if (open.at(-1) === openObject) skipKey(window, lines);
        else if (skipSpace(window, lines) === closeArray) window.fail('a comma before the closing bracket');
        break;
      } else {
        const what = closes === closeObject ? 'object' : 'array';
        window.fail(`${shown(next)} where a comma or the end of the ${what} should stand`);
      }
    }
  }
}

/** A key and its colon; returns where the key’s text stands. */
export function skipKey(
  window: JsonWindow,
  lines: boolean,
): { from: number; to: number; line: number; column: number } {
  const byte = skipSpace(window, lines);
  if (byte === -1) window.tear('in the middle of an object');
  if (byte !== quote)
    window.fail(byte === closeObject ? 'a comma before the closing brace' : `${shown(byte)} where a key should stand`);
  const { line, column, offset: from } = window.place();
  skipText(window);
  const to = window.offset;
  const next = skipSpace(window, lines);
  if (next === -1) window.tear('in the middle of an object');
  if (next !== colon) window.fail(`${shown(next)} where a colon should stand`);
  window.at += 1;
  return { from, to, line, column };
}

function skipText(window: JsonWindow): void {
  window.at += 1;
  for (;;) {
    const { bytes } = window;
    let { at } = window;
    for (const end = bytes.length; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote || byte === backslash || byte < 0x20) break;
    }
    window.at = at;
    const byte = window.peek();
    if (byte === -1) window.tear('in the middle of a text');
    if (byte < 0x20) window.fail(`control character ${shown(byte)} in a text`);
    if (byte === quote) {
      window.at += 1;
      return;
    }
    if (byte === backslash) skipEscape(window);
  }
}

function skipEscape(window: JsonWindow): void {
  const place = window.place();
  window.at += 1;
  const byte = window.peek();
  if (byte === -1) window.tear('in the middle of a text');
  window.at += 1;
  if (byte === 0x75) {
    for (let n = 0; n < 4; n += 1) {
      const digit = window.peek();
      if (digit === -1) window.tear('in the middle of a text');
      if (!isHex(digit)) window.fail('\\u without four hex digits', place);
      window.at += 1;
    }
  } else if (!'"\\/bfnrt'.includes(String.fromCharCode(byte)))
    window.fail(`the escape \\${String.fromCharCode(byte)}`, place);
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);

function skipNumber(window: JsonWindow): void {
  const place = window.place();
  const digits = (): void => {
    if (window.peek() === -1) window.tear('in the middle of a number');
    if (!isDigit(window.peek())) window.fail('no JSON number', place);
    while (isDigit(window.peek())) window.at += 1;
  };
  if (window.peek() === 0x2d) window.at += 1;
  if (window.peek() === 0x30) window.at += 1;
  else digits();
  if (window.peek() === 0x2e) {
    window.at += 1;
    digits();
  }
  if (window.peek() === 0x65 || window.peek() === 0x45) {
    window.at += 1;
    if (window.peek() === 0x2b || window.peek() === 0x2d) window.at += 1;
    digits();
  }
  // 01, 1x, 0x1F: a number is followed by nothing of its kind.
  if (isDigit(window.peek()) || /[A-Za-z_.+-]/.test(String.fromCharCode(Math.max(0, window.peek()))))
    window.fail('no JSON number', place);
}

function skipWord(window: JsonWindow, word: string): void {
  const place = window.place();
  for (const letter of word) {
    if (window.peek() === -1) window.tear(`in the middle of a value`);
    if (window.peek() !== letter.charCodeAt(0)) window.fail('a word that is no JSON value', place);
    window.at += 1;
  }
}

export const shown = (byte: number): string =>
  byte === 0x0a
    ? 'the end of the line'
    : byte > 0x20 && byte < 0x7f
      ? `‘${String.fromCharCode(byte)}’`
      : `byte 0x${byte.toString(16).padStart(2, '0')}`;

const plainEscapes: Record<number, number> = { 98: 8, 102: 12, 110: 10, 114: 13, 116: 9 };

/** The text a string token stands for: exact, or as raw bytes where it is no valid UTF-8 or holds half a surrogate pair. */
export function textOf(token: Buffer): string | RawText {
  const inner = token.subarray(1, -1);
  if (!inner.includes(backslash)) return isUtf8(inner) ? inner.toString('utf8') : new RawText(Buffer.from(inner));
  const out = Buffer.allocUnsafe(inner.length);
  let length = 0;
  for (let at = 0; at < inner.length; at += 1) {
    if (inner[at] !== backslash) {
      out[length] = inner[at] as number;
      length += 1;
      continue;
    }
    at += 1;
    const letter = inner[at] as number;
    if (letter !== 0x75) {
      out[length] = plainEscapes[letter] ?? letter;
      length += 1;
      continue;
    }
    let code = unitAt(inner, at + 1);
    at += 4;
    const low =
      code >= 0xd800 && code < 0xdc00 && inner[at + 1] === backslash && inner[at + 2] === 0x75
        ? unitAt(inner, at + 3)
        : 0;
    if (low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      at += 6;
    }
    length = putCode(out, length, code);
  }
  const bytes = out.subarray(0, length);
  return isUtf8(bytes) ? bytes.toString('utf8') : new RawText(bytes);
}

const unitAt = (bytes: Buffer, at: number): number => Number.parseInt(bytes.toString('latin1', at, at + 4), 16);

/** UTF-8 of a code point; half a pair as the three bytes that UTF-8 does not allow, so that it is found later. */
function putCode(out: Buffer, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return at + 1;
  }
  const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  out[at] = [0, 0xc0, 0xe0, 0xf0][more]! | (code >> (6 * more));
  for (let n = 1; n <= more; n += 1) out[at + n] = 0x80 | ((code >> (6 * (more - n))) & 0x3f);
  return at + more + 1;
}
