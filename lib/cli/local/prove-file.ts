import type { RunbookStep } from '@/lib/fleet/runbook-schema';
import { CutoverError } from '@/lib/errors';
import type { Output } from '@/lib/cli/command';
import { type Asked, chooseRules, openOf } from './chosen-rules';
import { hasPassed, type LocalWalk } from './local-walk';
import type { Move } from './open-move';
import type { Screen } from './show-progress';

export type Proof = 'passed' | 'findings' | 'failed';
type Claim = { claim: string; verdict: string; summary: string };

/** An answer may raise a finding of its own, and a star answers it; more rounds than that no design has needed. */
const mostRounds = 6;

/** The preflight with the rules that were asked for. Nothing is changed. @throws CutoverError rule_unknown */
export async function proveFile(walk: LocalWalk, preflight: RunbookStep, move: Move, screen: Screen): Promise<Proof> {
  for (let round = 0; round < mostRounds; round += 1) {
    const known = {
      ...walk.state.rules,
      ...Object.fromEntries(move.asked.map(({ finding, rule }) => [finding, rule])),
    };
    const verdict = await walk.check(preflight.id);
    screen.clear();
    const others = verdict.checkpoints.filter(({ key, verdict: word }) => key !== 'values' && word !== 'passed');
    if (others.length) return 'failed';
    const rules = chosenSoFar(walk, move.asked, known);
    const kept = Object.fromEntries(
      Object.entries(walk.state.rules).filter(([key]) => walk.state.findings.some((one) => one.key === key)),
    );
    walk.append({ what: 'rules', rules: { ...kept, ...rules } });
    if (openOf(walk.state.findings, walk.state.rules).length) return 'findings';
    // A reading did not know which findings a star would answer; only a check with every rule turns green.
    if (hasPassed(verdict) && Object.entries(rules).every(([key, rule]) => known[key] === rule)) return 'passed';
  }
  return 'failed';
}

/** A finding that an answer of this round has yet to raise is no unknown one. @throws CutoverError rule_unknown */
function chosenSoFar({ state: { findings } }: LocalWalk, asked: readonly Asked[], known: Record<string, string>) {
  try {
    return chooseRules(findings, asked);
  } catch (thrown) {
    const there = asked.filter(
      ({ finding }) => finding.startsWith('*.') || findings.some(({ key }) => key === finding),
    );
    const rules = chooseRules(findings, there);
    if (Object.entries(rules).some(([key, rule]) => known[key] !== rule)) return rules;
    throw thrown;
  }
}

/** Rules hold for the whole move: rows that are in the target were written by them. @throws CutoverError state_forbids */
export function refuseOtherRules(walk: LocalWalk, move: Move): void {
  const asked = chooseRules(walk.state.findings, move.asked);
  const other = Object.entries(asked).find(([key, rule]) => walk.state.rules[key] !== rule);
  if (!other) return;
  throw new CutoverError({
    code: 'state_forbids',
    message: `This move began with '${other[0]}=${walk.state.rules[other[0]] ?? 'no rule'}'; rows were written by it.`,
    advice: 'Leave the --rule out to go on, or take the move back with --undo and begin anew.',
  });
}

const words: Record<string, string> = { passed: 'ok    ', failed: 'FAILED', unknown: 'UNKNOWN' };

/** Claims of a step as lines; what does not hold is never left out. */
export function showClaims(output: Output, claims: readonly Claim[], onlyBad = false): void {
  for (const { claim, verdict, summary } of claims)
    if (!onlyBad || verdict !== 'passed')
      output.line(`  ${words[verdict] ?? verdict}  ${claim}${summary ? `: ${summary}` : ''}`);
}

export const claimsOf = (walk: LocalWalk, stepId: string): Claim[] => walk.state.steps.get(stepId)?.claims ?? [];
