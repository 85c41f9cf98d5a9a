import { readAuditChain } from '@/db/queries/views/read-audit-chain';
import type { Reader } from '@/db/tx';
import { auditHash, auditText, genesis } from '@/lib/audit/chain';
import type { Json } from '@/lib/shared/json';
import { countWords } from '@/lib/shared/words';
import type { AuditDto } from './dto';
import { readSeals, sealWords } from './parts/audit-seals';

type Verified = NonNullable<AuditDto['lastVerified']>;
type Entry = Awaited<ReturnType<typeof readAuditChain>>[number];
const pageEntries = 2_000;

// On globalThis: the page of another request shows the last result.
const kept = globalThis as typeof globalThis & { cutoverVerified?: Verified };
export const lastVerified = (): Verified | null => kept.cutoverVerified ?? null;

/** Why an entry does not follow from the one before it, or null. */
export function brokenAt(entry: Entry, expected: { n: number; previous: string }): string | null {
  if (entry.n !== expected.n) return `entry ${expected.n} is missing`;
  if (entry.previous !== expected.previous) return `entry ${entry.n} does not follow the one before it`;
  if (auditHash(entry.body) !== entry.hash) return `the text of entry ${entry.n} is not what was sealed`;
  const body = JSON.parse(entry.body) as Record<string, Json>;
  const columns = {
    n: entry.n,
    at: entry.at.toISOString(),
    actor: entry.actor,
    role: entry.actorRole,
    act: entry.act,
    summary: entry.summary,
    system: entry.system,
    sourceId: entry.sourceId,
    cutoverId: entry.cutoverId,
    previous: entry.previous,
  };
  const sealed = { ...columns, what: body.what ?? null };
  return auditText(sealed) === entry.body ? null : `the columns of entry ${entry.n} differ from its sealed text`;
}

/** Walks the chain from its first entry and holds it against the signed checkpoints. Reads everything, changes nothing. */
export async function verifyChain(db: Reader, home = process.env.CUTOVER_HOME): Promise<Verified> {
  const began = performance.now();
  const seals = readSeals(home);
  if (seals.problem) return keep(false, `Broken: ${seals.problem}.`, began);
  const sealed = new Map(seals.checkpoints.map(({ n, hash }) => [n, hash]));
  let previous = genesis;
  let n = 0;
  for (;;) {
    const entries = await readAuditChain(db, n, pageEntries);
    for (const entry of entries) {
      const problem = brokenAt(entry, { n: n + 1, previous }) ?? sealProblem(entry, sealed.get(entry.n));
      if (problem) return keep(false, `Broken: ${problem}.`, began);
      n = entry.n;
      previous = entry.hash;
    }
    if (entries.length < pageEntries) break;
  }
  const beyond = seals.checkpoints.find((checkpoint) => checkpoint.n > n);
  if (beyond) return keep(false, `Broken: entry ${beyond.n} is sealed by a signed checkpoint, but missing.`, began);
  const words = sealWords(seals.checkpoints, (count) => countWords(count, 'signed checkpoint'));
  return keep(
    true,
    `${countWords(n, 'entry', 'entries')} verified: every hash follows, no gap, no fork. ${words}`,
    began,
  );
}

const sealProblem = (entry: Entry, hash: string | undefined): string | null =>
  hash === undefined || hash === entry.hash ? null : `entry ${entry.n} differs from what its signed checkpoint sealed`;

function keep(ok: boolean, text: string, began: number): Verified {
  kept.cutoverVerified = { ok, text, at: new Date().toISOString(), ms: Math.round(performance.now() - began) };
  return kept.cutoverVerified;
}
