import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Checkpoint, checkpointText } from '@/lib/audit/checkpoint';
import { readSeals, sealWords } from './audit-seals';

let home = '';
const key = generateKeyPairSync('ed25519');
const seal = (n: number, hash: string): Checkpoint => {
  const own = { n, hash, at: '2026-11-21T02:13:04.000Z' };
  return {
    ...own,
    keyId: 'abc1',
    signature: sign(null, Buffer.from(checkpointText(own)), key.privateKey).toString('base64'),
  };
};
const keep = (lines: string[]) => writeFileSync(path.join(home, 'audit/checkpoints.ndjson'), `${lines.join('\n')}\n`);

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'seals-'));
  mkdirSync(path.join(home, 'audit'));
  writeFileSync(path.join(home, 'audit/abc1.pub.pem'), key.publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rmSync(home, { recursive: true }));

it('says that nothing is sealed while no checkpoint is kept outside', () => {
  expect(readSeals(home)).toEqual({ checkpoints: [], problem: null });
  expect(sealWords([], String)).toContain('No signed checkpoint');
});
it('believes a checkpoint of its key, and none that was altered or damaged', () => {
  keep([JSON.stringify(seal(3, 'aa')), JSON.stringify(seal(9, 'bb'))]);
  expect(readSeals(home)).toMatchObject({ problem: null, checkpoints: [{ n: 3 }, { n: 9, hash: 'bb' }] });
  keep([JSON.stringify({ ...seal(3, 'aa'), hash: 'cc' })]);
  expect(readSeals(home).problem).toContain('entry 3');
  keep([JSON.stringify(seal(3, 'aa')), '{"n": 9']);
  expect(readSeals(home).problem).toContain('damaged');
});
