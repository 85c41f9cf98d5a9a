import { RawText } from '@/lib/sources/source';
import type { Turns } from './turns';
import type { JsonKind, JsonSpan } from './json-tokens';
import { shown, skipKey, skipSpace, skipValue, textOf } from './json-tokens';
import { type JsonPlace, JsonWindow, NotJson } from './json-window';

export type RecordFormat = 'ndjson' | 'array' | 'object-of-arrays' | 'object-map' | 'single';

/** A value with its exact text. */
export type JsonValue = { kind: JsonKind; raw: Buffer };
export type JsonRecord = JsonValue &
  JsonPlace & {
    /** The record’s name outside of it: key of an object-map, pointer of the list; null: it has none. */
    name: string | null;
  };
/** A line that is no record. `torn`: the last one, without its end. */
export type BrokenLine = JsonPlace & { what: string; torn: boolean; bytes: number };

export type RecordVisitor = {
  record(record: JsonRecord): void;
  broken(line: BrokenLine): void;
  /** A member of the file that no record set reads. */
  unread(pointer: string, span: JsonSpan): void;
  /** The file begins with a byte order mark. */
  mark?(): void;
};
export type RecordShape = {
  format: RecordFormat;
  /** Lists of an object-of-arrays that are read. */
  pointers: readonly string[];
  /** Lists of the same file that other record sets read. */
  others: readonly string[];
};

/** Calls the visitor for each record of a file, in order; a turn is a record. Memory: one record. @throws NotJson where the file as a whole is no JSON */
export function* readRecords(path: string, shape: RecordShape, visitor: RecordVisitor): Turns {
  const { window, close } = JsonWindow.opened(path);
  try {
    yield* readWindow(window, shape, visitor);
  } finally {
    close();
  }
}

export function* readWindow(
  window: JsonWindow,
  { format, pointers, others }: RecordShape,
  visitor: RecordVisitor,
): Turns {
  if (skipMark(window)) visitor.mark?.();
  if (window.peek() === 0xfe || window.peek() === 0xff) window.fail('UTF-16, not UTF-8');
  if (format === 'ndjson') {
    yield* readLines(window, visitor);
    return;
  }
  if (format === 'array') yield* readList(window, null, visitor);
  else if (format === 'single') visitor.record(takeRecord(window, null));
  else if (format === 'object-map') for (const key of memberKeys(window)) yield visitor.record(takeRecord(window, key));
  else yield* readLists(window, '', pointers, others, visitor);
  const rest = skipSpace(window);
  if (rest !== -1) window.fail(`${shown(rest)} behind the end of the JSON`);
}

export const markBytes = 3;
/** Steps over a byte order mark at the very beginning, which is no part of the JSON. */
export function skipMark(window: JsonWindow): boolean {
  const marked = window.peek() === 0xef && window.bytes[1] === 0xbb && window.bytes[2] === 0xbf;
  if (marked) window.at += markBytes;
  return marked;
}

function takeRecord(window: JsonWindow, name: string | null, lines = false): JsonRecord {
  skipSpace(window, lines);
  window.kept = window.offset;
  const span = skipValue(window, lines);
  return recordOf(window, span, name);
}

function recordOf(window: JsonWindow, { kind, from, to, line, column }: JsonSpan, name: string | null): JsonRecord {
  const raw = Buffer.from(window.slice(from, to));
  window.kept = null;
  return { kind, raw, line, column, offset: from, name };
}

function* readLines(window: JsonWindow, visitor: RecordVisitor): Turns {
  while (skipSpace(window) !== -1) {
    const start = window.place();
    try {
      const record = takeRecord(window, null, true);
      const next = skipSpace(window, true);
      if (next === -1 && record.kind === 'number') window.tear('in what may be half a number');
      if (next !== -1 && next !== 0x0a) window.fail(`${shown(next)} behind the record`);
      visitor.record(record);
    } catch (thrown) {
      if (!(thrown instanceof NotJson)) throw thrown;
      window.kept = null;
      const ends = skipLine(window);
      visitor.broken({ ...start, what: thrown.what, torn: !ends, bytes: window.offset - start.offset });
    }
    yield;
  }
}

/** To the end of the line; false where the file ends first. */
function skipLine(window: JsonWindow): boolean {
  for (let byte = window.peek(); byte !== -1; byte = window.peek()) {
    if (byte === 0x0a) return true;
    window.at += 1;
  }
  return false;
}

function* readList(window: JsonWindow, name: string | null, visitor: RecordVisitor): Turns {
  open(window, 0x5b, 'array');
  if (skipSpace(window) === 0x5d) {
    window.at += 1;
    return;
  }
  for (;;) {
    yield visitor.record(takeRecord(window, name));
    if (!goesOn(window, 0x5d, 'array')) return;
    if (skipSpace(window) === 0x5d) window.fail('a comma before the closing bracket');
  }
}

function* readLists(
  window: JsonWindow,
  prefix: string,
  pointers: readonly string[],
  others: readonly string[],
  visitor: RecordVisitor,
): Turns {
  const known = [...pointers, ...others];
  for (const key of memberKeys(window)) {
    const pointer = `${prefix}/${escapePointer(key)}`;
    if (pointers.includes(pointer)) yield* readList(window, pointer.slice(1), visitor);
    else if (known.some((one) => one.startsWith(`${pointer}/`)))
      yield* readLists(window, pointer, pointers, others, visitor);
    else {
      const span = skipValue(window, false);
      if (!others.includes(pointer)) visitor.unread(pointer, span);
    }
  }
}

/** Steps through the members of the object it stands on; whoever takes a key steps over its value. */
function* memberKeys(window: JsonWindow): Generator<string, void> {
  open(window, 0x7b, 'object');
  if (skipSpace(window) === 0x7d) {
    window.at += 1;
    return;
  }
  do {
    yield takeKey(window);
  } while (goesOn(window, 0x7d, 'object'));
}

function takeKey(window: JsonWindow): string {
  skipSpace(window);
  window.kept = window.offset;
  const span = skipKey(window, false);
  const key = textOf(window.slice(span.from, span.to));
  window.kept = null;
  if (key instanceof RawText) window.fail('a key that is no valid UTF-8', { ...span, offset: span.from });
  return key as string;
}

function open(window: JsonWindow, mark: number, what: string): void {
  const byte = skipSpace(window);
  if (byte === -1) window.tear(`where an ${what} should stand`);
  if (byte !== mark) window.fail(`${shown(byte)} where an ${what} should begin`);
  window.at += 1;
}

function goesOn(window: JsonWindow, close: number, what: string): boolean {
  const byte = skipSpace(window);
  if (byte === -1) window.tear(`in the middle of an ${what}`);
  if (byte !== close && byte !== 0x2c)
    window.fail(`${shown(byte)} where a comma or the end of the ${what} should stand`);
  window.at += 1;
  return byte === 0x2c;
}

export type JsonMember = JsonValue & { key: string };

/** Members of an object that was read before, in order, each as often as it stands there. @throws NotJson for a key that is no text */
export function membersOf(raw: Buffer): JsonMember[] {
  const window = JsonWindow.of(raw);
  const members: JsonMember[] = [];
  for (const key of memberKeys(window)) {
    const { kind, from, to } = skipValue(window, false);
    members.push({ key, kind, raw: raw.subarray(from, to) });
  }
  return members;
}

/** What stands at a JSON pointer; of members alike the last. */
export function valueAt(value: JsonValue, pointer: string): JsonValue | null {
  let found: JsonValue | null = value;
  for (const part of pointer.split('/').slice(1)) {
    if (found.kind !== 'object') return null;
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = membersOf(found.raw).findLast((member) => member.key === key) ?? null;
    if (!found) return null;
  }
  return found;
}

export const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
