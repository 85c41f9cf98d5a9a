import { expect, it } from 'vitest';
import { verifiedWords } from './verified-words';

it.each([
  ['4,812 entries verified: no gap, no fork.', true, '4,812 entries verified', ': no gap, no fork.'],
  ['Broken: entry 5 is missing.', false, 'Broken: entry 5 is missing.', ''],
  ['Something else.', true, 'Something else.', ''],
])('%j, whole %s', (text, ok, fact, rest) => expect(verifiedWords({ ok, text })).toEqual({ fact, rest }));
