import { expect, it } from 'vitest';
import { auditHash, auditText, genesis, type AuditBody } from '@/lib/audit/chain';
import { verifyAudit, type AuditRecord } from '@/lib/audit/verify';
import { brokenAt } from '@/lib/audit/verify-file.mjs';
import type { Json } from '@/lib/shared/json';
import { type Random, seeded } from '@/lib/testing/seeded';

const logs = 10_000;
const words = [
  '',
  'press',
  'ü',
  '\u2028',
  '"',
  '\\',
  '\0',
  '😀',
  '1e400',
  'null',
  '{}',
  '\ud800',
  '__proto__',
  'constructor',
];
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

function record(random: Random, n: number, previous: string): AuditRecord {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  const body: AuditBody = {
    n,
    at,
    actor: pick(random, words),
    role: 'operator',
    act: pick(random, words),
    summary: `${pick(random, words)}${pick(random, words)}`,
    system: null,
    sourceId: pick(random, [null, 'a', 'ä']),
    cutoverId: null,
    what: pick<Json>(random, [null, [], { b: 1, a: [true, -0, 0.1] }, { '': pick(random, words), 10: 1, 9: 2 }]),
    previous,
  };
  const text = auditText(body);
  return { n, body: text, hash: auditHash(text), at, actor: body.actor, role: body.role, act: body.act, previous };
}

function whole(random: Random): AuditRecord[] {
  let previous = genesis;
  return Array.from({ length: 1 + Math.floor(random() * 6) }, (_, index) => {
    const made = record(random, index + 1, previous);
    previous = made.hash;
    return made;
  });
}

/** One small damage, of which some change nothing: both verifiers must say the same of either. */
function damage(random: Random, records: AuditRecord[]): AuditRecord[] {
  const at = Math.floor(random() * records.length);
  const one = records[at] as AuditRecord;
  const reseal = (body: string): AuditRecord => ({ ...one, body, hash: auditHash(body) });
  const spoiled = pick(random, [
    () => [one],
    () => [],
    () => [one, one],
    () => [{ ...one, actor: pick(random, words) }],
    () => [{ ...one, at: '2020-01-01T00:00:00.000Z' }],
    () => [{ ...one, n: one.n + 1 }],
    () => [{ ...one, previous: genesis }],
    () => [reseal(one.body.slice(0, -1))],
    () => [reseal(` ${one.body}`)],
    () => [reseal(one.body.replace('"operator"', '"admin"'))],
    () => [reseal(one.body.replace('{', '{"zz":1,'))],
    () => [{ ...one, body: one.body.slice(0, 10) }],
  ])();
  return [...records.slice(0, at), ...spoiled, ...records.slice(at + 1)];
}

it('both verifiers say the same of 10,000 fuzzed logs', () => {
  const random = seeded('audit');
  let broken = 0;
  for (let n = 0; n < logs; n += 1) {
    const records = damage(random, whole(random));
    const ours = verifyAudit(records);
    const theirs = brokenAt(records);
    const said = ours.ok ? null : `BROKEN at entry ${ours.broken.n}:`;
    if (said) broken += 1;
    expect(theirs?.slice(0, said?.length ?? 0) ?? null, JSON.stringify(records)).toBe(said);
  }
  expect(broken).toBeGreaterThan(logs / 2);
  expect(broken).toBeLessThan(logs);
}, 120_000);
