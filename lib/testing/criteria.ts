import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Runbook, RunbookStep } from '@/lib/fleet/runbook-schema';
import type { Verdict } from '@/lib/steps/step';

const folder = path.resolve('lib/runbooks/criteria');

/** How one line of a seed is proved. */
const proof = z.union([
  /** A claim of a machine step; what stands here is found in the claim of the checkpoint. */
  z.strictObject({ step: z.string(), claim: z.string().min(1) }),
  /** An item of a checklist, which a person ticks with a note. */
  z.strictObject({ step: z.string(), item: z.string().min(1) }),
  /** A decision of another person. */
  z.strictObject({ step: z.string(), signed: z.literal(true) }),
  /** A gate: this step cannot start unless that one is passed. */
  z.strictObject({ step: z.string(), after: z.string() }),
]);

/** One file a runbook: every success criterion and checklist line of its seed. */
export const criteriaFile = z.strictObject({
  /** File name in the seeds. */
  seed: z.string(),
  /** Other runbooks whose steps may be named, where a seed is served by more than one. */
  also: z.array(z.string()).default([]),
  criteria: z
    .array(z.strictObject({ line: z.string().min(1), proof: z.array(proof).min(1), note: z.string().optional() }))
    .min(1),
});
export type Criteria = z.infer<typeof criteriaFile>;
type Proof = z.infer<typeof proof>;

export const criteriaNames = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -5))
    .sort();

export const readCriteria = (runbook: string): Criteria =>
  criteriaFile.parse(parse(readFileSync(path.join(folder, `${runbook}.yaml`), 'utf8')));

export const stepsIn = ({ phases, rollbacks }: Runbook): RunbookStep[] => [
  ...phases.flatMap(({ steps }) => steps),
  ...rollbacks.runtime.steps,
  ...(rollbacks.data?.steps ?? []),
];

/** Everything that must be passed before a step may start, by way of others too; steps of a sequence follow each other. */
function allNeeds(runbook: Runbook, id: string, seen = new Set<string>()): Set<string> {
  for (const phase of runbook.phases) {
    const at = phase.steps.findIndex((step) => step.id === id);
    const before = phase.sequence && at > 0 ? [phase.steps[at - 1]?.id ?? ''] : [];
    for (const need of at < 0 ? [] : [...(phase.steps[at]?.needs ?? []), ...before])
      if (!seen.has(need)) allNeeds(runbook, need, seen.add(need));
  }
  return seen;
}

/** What a proof lacks by the runbook alone; null when its step and what it names are there. */
export function missingIn(runbook: Runbook, proof: Proof): string | null {
  const step = stepsIn(runbook).find(({ id }) => id === proof.step);
  if (!step) return `there is no step ${proof.step}`;
  if ('item' in proof) {
    const items = (step.params.items ?? []) as { text: string }[];
    return step.kind === 'checklist' && items.some(({ text }) => text.includes(proof.item))
      ? null
      : `${proof.step} has no item "${proof.item}"`;
  }
  if ('signed' in proof) return step.kind === 'sign-off' ? null : `${proof.step} is no sign-off`;
  if ('after' in proof)
    return allNeeds(runbook, proof.step).has(proof.after)
      ? null
      : `${proof.step} may start before ${proof.after} is passed`;
  return null;
}

function unproved(proof: Proof, runbook: Runbook, verdicts: ReadonlyMap<string, Verdict>): string | null {
  const missing = missingIn(runbook, proof);
  if (missing || !('claim' in proof)) return missing;
  const verdict = verdicts.get(proof.step);
  if (!verdict) return `${proof.step} was not run`;
  const claims = verdict.checkpoints.filter(({ claim }) => claim.includes(proof.claim));
  if (!claims.length) return `${proof.step} makes no claim "${proof.claim}"`;
  const bad = claims.find((one) => one.verdict !== 'passed');
  return bad ? `${proof.step}: "${bad.claim}" is ${bad.verdict}: ${bad.evidence.summary}` : null;
}

/**
 * Criteria of a runbook's seed that the evidence does not prove, one line each.
 * @param verdicts by step id, of a whole cutover and, unless `part` is cutover, of its rollbacks
 */
export function unmetCriteria(
  runbook: Runbook,
  verdicts: ReadonlyMap<string, Verdict>,
  part: 'all' | 'cutover' = 'all',
): string[] {
  const forward = new Set(runbook.phases.flatMap(({ steps }) => steps.map(({ id }) => id)));
  return readCriteria(runbook.name).criteria.flatMap(({ line, proof }) =>
    proof
      .filter(({ step }) => part === 'all' || forward.has(step))
      .flatMap((one) => {
        const lack = unproved(one, runbook, verdicts);
        return lack ? [`${line}: ${lack}`] : [];
      }),
  );
}

/**
 * Holds every success criterion of the seed against the evidence of a finished walk. Call it at the end of a system's walk,
 * after the rollback (or with part `cutover` before it).
 */
export function expectCriteria(
  walk: { runbook: Runbook; verdicts: ReadonlyMap<string, Verdict> },
  part: 'all' | 'cutover' = 'all',
): void {
  expect(unmetCriteria(walk.runbook, walk.verdicts, part)).toEqual([]);
}
