import type { CheckpointResult, Evidence } from '@/lib/shared/evidence';
import { toFacts } from '@/lib/errors';

/** A checkpoint from a yes or no; null means that it could not be found out, which is never green. */
export const checkpoint = (
  key: string,
  claim: string,
  holds: boolean | null,
  evidence: Evidence,
): CheckpointResult => ({
  key,
  claim,
  verdict: holds === null ? 'unknown' : holds ? 'passed' : 'failed',
  evidence,
});

/** Runs one named proof. What it throws is a failed checkpoint with its code and advice, so that the others still run. */
export async function prove(
  key: string,
  claim: string,
  proof: () => Promise<Proof> | Proof,
): Promise<CheckpointResult> {
  try {
    const { holds, ...evidence } = await proof();
    return checkpoint(key, claim, holds, evidence);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') throw thrown;
    const facts = toFacts(thrown);
    return checkpoint(key, claim, false, { summary: `${facts.message} ${facts.advice} (${facts.code})`, raw: facts });
  }
}
export type Proof = Evidence & { holds: boolean | null };
