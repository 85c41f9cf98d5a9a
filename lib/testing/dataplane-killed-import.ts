import { dirname } from 'node:path';
import { importRows, sourceScope, targetPlace } from '@/lib/dataplane';

/** For tests: imports, and kills itself when the named failpoint is met for the nth time. */
const { KILL_AT = '', KILL_HIT = '1', SOURCE = '', TARGET = '' } = process.env;
let hits = 0;
await importRows({
  source: { path: SOURCE, allowedRoots: [dirname(SOURCE)] },
  scope: sourceScope('me', { scope_column: 'me' }),
  place: targetPlace(TARGET, 'me', { schema: 'p' }),
  rules: [],
  cutoverId: 'cutover',
  epoch: 1,
  sourceDigest: 'snapshot',
  batchRows: 200,
  signal: new AbortController().signal,
  failpoint: async (name) => {
    if (name !== KILL_AT) return;
    hits += 1;
    if (hits === Number(KILL_HIT)) process.kill(process.pid, 'SIGKILL');
  },
});
