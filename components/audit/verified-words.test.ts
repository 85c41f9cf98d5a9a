import { expect, it } from 'vitest';
import { verifiedWords } from './verified-words';

it.each([
  [
    '4,812 entries verified in 0.3 s, head 9f2c41d0….',
    true,
    '4,812 entries verified',
    ', no gap, no fork, head 9f2c41d0…',
  ],
  ['1 entry verified in 1 m 12 s, head 9f2c41d0….', true, '1 entry verified', ', no gap, no fork, head 9f2c41d0…'],
  ['0 entries verified in 0.0 s.', true, '0 entries verified', ', no gap, no fork'],
  ['Broken: entry 5 is missing.', false, 'Broken: entry 5 is missing.', ''],
  ['Something else.', true, 'Something else.', ''],
])('%j, whole %s', (text, ok, fact, rest) => expect(verifiedWords({ ok, text })).toEqual({ fact, rest }));
