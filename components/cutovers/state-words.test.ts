import { describe, expect, it } from 'vitest';
import { splitHeadline } from './state-words';

describe('the headline of a cutover in a list', () => {
  it.each([
    ['Load, 79 %. Import, about 13 s left. Next: row diff', 'Load, 79 %', 'Import, about 13 s left. Next: row diff'],
    ['Prepare. Next: run preflight. About 15 s.', 'Prepare', 'Next: run preflight. About 15 s.'],
    ['Frozen 3.1 s. 0 rows lost', 'Frozen 3.1 s', '0 rows lost'],
    ['Closed.', 'Closed', ''],
    ['', '', ''],
  ])('%j stands out as %j, then explains %j', (text, lead, rest) => expect(splitHeadline(text)).toEqual([lead, rest]));
});
