import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Runbook, RunbookStep } from '@/lib/fleet/runbook-schema';
import type { PlanLine } from '@/lib/shared/evidence';
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
  /** Its phase is planned for this time, seconds from T-0. */
  z.strictObject({ step: z.string(), at_seconds: z.number().int() }),
  /** A place where its plan, as it was made in the walk, writes nothing. */
  z.strictObject({ step: z.string(), leaves: z.enum(['target', 'source']) }),
]);
/** A wrong turn: the step that ends it, what a person then reads, and the test that takes it. */
const trap = z.strictObject({
  trap: z.string().min(1),
  step: z.string(),
  says: z.string().min(1),
  test: z.strictObject({ file: z.string(), name: z.string().min(1) }),
});

/** One file a runbook: every success criterion and checklist line of its seed. */
export const criteriaFile = z.strictObject({
  /** File name in the seeds. */
  seed: z.string(),
  /** Other runbooks whose steps may be named, where a seed is served by more than one. */
  also: z.array(z.string()).default([]),
  criteria: z
    .array(z.strictObject({ line: z.string().min(1), proof: z.array(proof).min(1), note: z.string().optional() }))
    .min(1),
  /** The worst one first. */
  traps: z.array(trap).default([]),
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
  if ('at_seconds' in proof) {
    const phase = runbook.phases.find(({ steps }) => steps.some(({ id }) => id === proof.step));
    return phase?.at_seconds === proof.at_seconds ? null : `${proof.step} is planned at ${phase?.at_seconds} s`;
  }
  if ('after' in proof)
    return allNeeds(runbook, proof.step).has(proof.after)
      ? null
      : `${proof.step} may start before ${proof.after} is passed`;
  return null;
}

/** What a walk left: by step id, what its last check said and what its last plan held. */
export type Evidence = { verdicts: ReadonlyMap<string, Verdict>; plans: ReadonlyMap<string, readonly PlanLine[]> };

function writesOn(proof: { step: string; leaves: string }, plans: Evidence['plans']): string | null {
  const lines = plans.get(proof.step);
  if (!lines) return `${proof.step} was not planned`;
  const line = lines.find(({ on, effect }) => on === proof.leaves && effect === 'write');
  return line ? `${proof.step} writes to the ${proof.leaves}: ${line.does}` : null;
}

function unproved(proof: Proof, runbook: Runbook, { verdicts, plans }: Evidence): string | null {
  const missing = missingIn(runbook, proof);
  if (!missing && 'leaves' in proof) return writesOn(proof, plans);
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
 * @param evidence of a whole cutover and, unless `part` is cutover, of its rollbacks
 */
export function unmetCriteria(runbook: Runbook, evidence: Evidence, part: 'all' | 'cutover' = 'all'): string[] {
  const forward = new Set(runbook.phases.flatMap(({ steps }) => steps.map(({ id }) => id)));
  return readCriteria(runbook.name).criteria.flatMap(({ line, proof }) =>
    proof
      .filter(({ step }) => part === 'all' || forward.has(step))
      .flatMap((one) => {
        const lack = unproved(one, runbook, evidence);
        return lack ? [`${line}: ${lack}`] : [];
      }),
  );
}

/**
 * Holds every success criterion of the seed against the evidence of a finished walk. Call it at the end of a system's walk,
 * after the rollback (or with part `cutover` before it).
 */
export function expectCriteria(walk: Evidence & { runbook: Runbook }, part: 'all' | 'cutover' = 'all'): void {
  expect(unmetCriteria(walk.runbook, walk, part)).toEqual([]);
}
