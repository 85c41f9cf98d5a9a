import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RawText } from '@/lib/sources/source';
import { seeded } from '@/lib/testing/seeded';
import { textOf } from './json-tokens';
import { JsonWindow, NotJson } from './json-window';
import { type JsonRecord, readRecords, readWindow } from './read-records';
import { atOnce } from './turns';

const dir = mkdtempSync(join(tmpdir(), 'json-tokens-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const shape = { pointers: [], others: [] };
function records(text: string | Buffer, format: 'array' | 'ndjson' | 'single' = 'array'): JsonRecord[] {
  const found: JsonRecord[] = [];
  const window = JsonWindow.of(Buffer.from(text as string));
  const visitor = { record: (one: JsonRecord) => void found.push(one), broken: () => {}, unread: () => {} };
  atOnce(readWindow(window, { format, ...shape }, visitor));
  return found;
}
const refused = (text: string | Buffer): string => {
  try {
    records(text);
  } catch (thrown) {
    if (thrown instanceof NotJson) return thrown.refusal('f').message;
    throw thrown;
  }
  return 'taken';
};

test.each([
  ['[NaN]', 'f:1:2: ‘N’ where a value should stand.'],
  ['[1,\n 01]', 'f:2:2: no JSON number.'],
  ['[.5]', 'f:1:2: ‘.’ where a value should stand.'],
  ['[1.]', 'f:1:2: no JSON number.'],
  ['[+1]', 'f:1:2: ‘+’ where a value should stand.'],
  ['[0x1F]', 'f:1:2: no JSON number.'],
  ['[nul]', 'f:1:2: a word that is no JSON value.'],
  ['[1 // c\n]', 'f:1:4: ‘/’ where a comma or the end of the array should stand.'],
  ['[1,]', 'f:1:4: a comma before the closing bracket.'],
  ['[[1,]]', 'f:1:5: a comma before the closing bracket.'],
  ['[{"a":1,}]', 'f:1:9: a comma before the closing brace.'],
  ["[{'a':1}]", "f:1:3: ‘'’ where a key should stand."],
  ['[{"a" 1}]', 'f:1:7: ‘1’ where a colon should stand.'],
  ['[{"a":1]]', 'f:1:8: ‘]’ where a comma or the end of the object should stand.'],
  ['["a\tb"]', 'f:1:4: control character byte 0x09 in a text.'],
  ['["\\x41"]', 'f:1:3: the escape \\x.'],
  ['["\\u12G4"]', 'f:1:3: \\u without four hex digits.'],
  ['[1] 2', 'f:1:5: ‘2’ behind the end of the JSON.'],
  ['{}', 'f:1:1: ‘{’ where an array should begin.'],
  ['[{"a":[1', 'f ends at 1:8 in the middle of an array.'],
  ['[{"a":"x', 'f ends at 1:8 in the middle of a text.'],
  ['[1,-', 'f ends at 1:4 in the middle of a number.'],
  ['', 'f ends at 1:1 where an array should stand.'],
])('refuses %j with its place', (text, message) => expect(refused(text)).toBe(message));

test('takes what looks odd and is JSON, and keeps its exact text', () => {
  const odd = ['-0', '1E+5', '{}', '[]', ' {"" : [ [ ] , { } ] } ', '"\\u0000\\/"', 'true', 'null', '1e999999'];
  const found = records(`[${odd.join(',')}]`);
  expect(found.map(({ raw }) => raw.toString())).toEqual(odd.map((one) => one.trim()));
});

test('refuses nesting beyond 1000 levels, and takes 1000 of them', () => {
  const nested = (levels: number) => `[${'['.repeat(levels)}${']'.repeat(levels)}]`;
  expect(records(nested(1000))).toHaveLength(1);
  expect(refused(nested(1001))).toBe('f:1:1002: nested deeper than 1000 levels.');
});

test('reads texts byte for byte: escapes, pairs, half pairs, damaged bytes', () => {
  expect(textOf(Buffer.from('"a\\n\\u00e9\\ud83d\\ude00\\u0000é"'))).toBe('a\né😀\0é');
  expect(textOf(Buffer.from('"x\\ud800"'))).toEqual(new RawText(Buffer.from([0x78, 0xed, 0xa0, 0x80])));
  expect(textOf(Buffer.from([0x22, 0xff, 0x22]))).toEqual(new RawText(Buffer.from([0xff])));
  expect(textOf(Buffer.from('"\\ud800\\ud800\\udc00"'))).toEqual(new RawText(Buffer.from('eda080f0908080', 'hex')));
});

test('reads a file of several windows as JSON.parse reads it whole, with the offset of each record', () => {
  const random = seeded('windows');
  const all = Array.from({ length: 4000 }, (_, id) => ({
    id,
    text: 'é"\\'.repeat(Math.floor(random() * 300)),
    list: [id, [{}]],
  }));
  for (const format of ['array', 'ndjson'] as const) {
    const text =
      format === 'array' ? JSON.stringify(all, null, 1) : all.map((one) => `${JSON.stringify(one)}\n`).join('');
    const file = join(dir, format);
    writeFileSync(file, text);
    const bytes = Buffer.from(text);
    expect(bytes.length).toBeGreaterThan(3 * 1024 * 1024);
    const found: unknown[] = [];
    const shaped = { format, ...shape };
    atOnce(
      readRecords(file, shaped, {
        record: ({ raw, offset }) => {
          expect(bytes.compare(raw, 0, raw.length, offset, offset + raw.length)).toBe(0);
          found.push(JSON.parse(raw.toString()));
        },
        broken: () => expect.unreachable(),
        unread: () => expect.unreachable(),
      }),
    );
    expect(found).toEqual(all);
  }
});
