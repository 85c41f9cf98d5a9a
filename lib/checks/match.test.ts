import { describe, expect, it } from 'vitest';
import { readPath } from '@/lib/services/json-path';
import { match } from './match';
import { namesIn, substitute, substituteKnown } from './substitute';

describe('matching a value', () => {
  it.each([
    [60_000, '60000', true],
    ['60000', 60_000, true],
    ['9007199254740993', '9007199254740993', true],
    ['1.0', 1, false],
    [true, 'true', false],
    [null, null, true],
    [undefined, null, false],
    ['', null, false],
    [0, false, false],
  ])('%j equals %j: %j', (value, wanted, passed) => {
    expect(match(value, wanted).passed).toBe(passed);
  });

  it.each([
    [5, { at_least: 1, equals: '5' }, true],
    ['x', { at_least: 1 }, false],
    [undefined, { exists: false }, true],
    [null, { exists: true }, true],
    [undefined, { not_equals: 'a' }, false],
    [['a', 'b'], { contains: 'b' }, true],
    ['abc', { contains: 'bc' }, true],
    ['abc', { matches: '^a.c$' }, true],
    [['abc'], { matches: 'a' }, false],
  ])('%j is %j: %j', (value, wanted, passed) => {
    expect(match(value, wanted).passed).toBe(passed);
  });

  it('reads own members only', () => {
    expect(readPath({ items: [{ id: 'a' }] }, 'items.0.id')).toBe('a');
    for (const path of ['constructor', '__proto__.polluted', 'items.length.x', 'items.1.id'])
      expect(readPath({ items: [{}] }, path)).toBeUndefined();
  });
});

describe('putting names into a flow', () => {
  it('keeps the type of a name that is the whole text', () => {
    expect(substitute({ a: '${n}', b: ['x ${n}'] }, { n: 5 })).toEqual({ a: 5, b: ['x 5'] });
  });

  it('refuses a name outside the closed set, and shows it as it is in a plan', () => {
    expect(() => substitute('${process.env}', { n: 5 })).toThrow(/no earlier check has captured/);
    expect(() => substitute('${constructor}', {})).toThrow();
    expect(substituteKnown('/items/${item}/${n}', { n: 5 })).toBe('/items/${item}/5');
    expect(namesIn({ a: '${b}', c: ['${b} ${d.e}'] })).toEqual(['b', 'd.e']);
  });
});
