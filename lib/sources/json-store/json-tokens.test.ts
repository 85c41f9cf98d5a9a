import { expect, test } from 'vitest';
import { type JsonNumber, type JsonObject, readJson } from './json-tokens';

const numbers = (text: string) => (readJson(text, 'a.json') as JsonNumber[]).map((one) => one.text);
const fault = (text: string) => {
  try {
    return readJson(text, 'a.json');
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

test('keeps every digit of a number and every half of a pair', () => {
  expect(numbers('[9007199254740993, 1.10, 1e400, -0.0]')).toEqual(['9007199254740993', '1.10', '1e400', '-0.0']);
  expect(readJson('"a\\ud800\\u0000"', 'a.json')).toBe('a\ud800\0');
});

test('keeps order and repeated keys, and takes __proto__ as a key', () => {
  const read = readJson('{"b":1,"10":2,"__proto__":{"admin":true},"b":3}', 'a.json') as JsonObject;
  expect(read.members.map(([key]) => key)).toEqual(['b', '10', '__proto__', 'b']);
  expect(read.repeated()).toEqual(['b']);
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
});

test.each([
  ['\ufeff[]', 'a.json:1:1 is no JSON: a byte order mark.'],
  ['[{"id":1},\n {"id":NaN}]', 'a.json:2:8 is no JSON: "N" is not expected.'],
  ['[{"id":1} // one\n]', 'a.json:1:11 is no JSON: "/" is not expected.'],
  ['[{"id":1},]', 'a.json:1:11 is no JSON: "]" is not expected.'],
  ['[{"id":1},{"id":2', 'a.json:1:18 is no JSON: the text ends here.'],
  ['{"v":"c', 'a.json:1:8 is no JSON: the text ends inside a string.'],
  ['', 'a.json:1:1 is no JSON: the text ends here.'],
  ['01', 'a.json:1:2 is no JSON: more text after the end.'],
  ['['.repeat(5000), 'a.json:1:2002 is no JSON: nested deeper than 2000.'],
])('refuses %j with file, line and column', (text, message) => {
  expect(fault(text)).toBe(message);
});
