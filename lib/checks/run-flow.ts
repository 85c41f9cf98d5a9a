import { setTimeout as sleep } from 'node:timers/promises';
import type { Flow, FlowCheck } from '@/lib/fleet/flow-schema';
import type { PlanLine, Progress } from '@/lib/shared/evidence';
import { CutoverError } from '@/lib/errors';
import type { CheckOutcome, CheckPlace, Probe } from './check';
import type { Footprint } from './footprint';
import { registry } from './registry';
import { type Names, namesIn } from './substitute';

export type FlowResult = {
  key: string;
  claim: string;
  verdict: 'passed' | 'failed' | 'unknown';
  summary: string;
  probes: Probe[];
  /** What is told as a finding, where that holds in place of the claim. */
  finding?: string;
};
type Line = { check: FlowCheck; claim: string; key: string; names: Names };

const kindOf = (check: FlowCheck) => {
  const kind = Object.hasOwn(registry, check.kind) ? registry[check.kind] : undefined;
  if (kind) return kind;
  throw new CutoverError({
    code: 'runbook_invalid',
    message: `There is no check of kind ${check.kind}.`,
    advice: `Use one of: ${Object.keys(registry).join(', ')}.`,
  });
};

/** Every check of a flow in order, a `for_each` one once a neighbour. */
function linesOf(flow: Flow, neighbours: Names[]): Line[] {
  return flow.checks.flatMap((check, index): Line[] => {
    const key = `${index + 1}`.padStart(2, '0');
    if (check.for_each !== 'neighbour') return [{ check, claim: check.name, key, names: {} }];
    return neighbours.map((names, at) => ({
      check,
      claim: `${check.name} (${names['neighbour.source_id']})`,
      key: `${key}.${at + 1}`,
      names,
    }));
  });
}

/** What the flow will ask and write, as plan lines. */
export function planFlow(flow: Flow, names: Names, neighbours: Names[]): PlanLine[] {
  const takesAway = flow.checks.some(isTakingAway);
  return linesOf(flow, neighbours).map(({ check, claim, names: own }) => {
    const { on, effect, text } = kindOf(check).describe(check, { ...names, ...own });
    return {
      type: check.kind === 'http' ? 'http' : check.kind === 'sql' ? 'sql' : 'command',
      on,
      effect,
      does: check.must_fail ? `${claim} (must be refused)` : claim,
      text,
      undo: undoOf(check, effect, takesAway),
    };
  });
}

/** A write that names no row is one that the flow itself answers for: it is refused, changes nothing, or a later call takes it away. */
function undoOf(check: FlowCheck, effect: 'read' | 'write', takesAway: boolean): string {
  if (effect === 'read') return 'nothing to undo';
  if (isTakingAway(check)) return 'it is the undo: it is called whatever happens to the calls before it';
  if (check.must_fail) return 'nothing to undo where it is refused, as it must be';
  const kept = check.kind === 'http' && check.writes.length + check.makes.length > 0;
  return kept
    ? 'the written rows are put back when the flow ends'
    : takesAway
      ? 'what it makes is taken away again in the flow, also after a failure'
      : 'nothing is put back: it changes nothing of the tenant, or what it made is deleted in the flow';
}

const isWriting = (check: FlowCheck, names: Names): boolean => kindOf(check).describe(check, names).effect === 'write';
const isTakingAway = (check: FlowCheck): boolean => check.kind === 'http' && check.takes_away;

/**
 * Runs a flow. Whatever happens, written rows are put back before it returns or throws. After a failure nothing is
 * written any more; a check whose names were not captured is unknown, never passed.
 */
export async function runFlow(input: {
  flow: Flow;
  names: Names;
  neighbours: Names[];
  place: Omit<CheckPlace, 'keep' | 'written' | 'made'>;
  footprint: Pick<Footprint, 'keep' | 'written' | 'made' | 'restore'>;
  progress(progress: Omit<Progress, 'at' | 'startedAt'>): void;
}): Promise<FlowResult[]> {
  const { flow, place, footprint } = input;
  const lines = linesOf(flow, input.neighbours);
  const checkPlace: CheckPlace = { ...place, keep: footprint.keep, written: footprint.written, made: footprint.made };
  const captured: Names = { ...input.names };
  const results: FlowResult[] = [];
  const left = [...lines];
  let wrote = false;
  try {
    for (const line of lines) {
      place.signal.throwIfAborted();
      left.shift();
      const failed = results.some(({ verdict }) => verdict !== 'passed');
      // Before the call: one that is cut off may have come through.
      wrote ||= !failed && isWriting(line.check, captured);
      const result = await runLine(line, captured, checkPlace, { failed, wrote });
      results.push(result);
      place.log(result.verdict === 'passed' ? 'info' : 'warn', `[${word(result)}] ${result.claim}: ${result.summary}`);
      input.progress({ unit: 'checks', done: results.length, total: lines.length });
    }
  } finally {
    if (wrote) await takeAway(left, captured, checkPlace);
    for (const row of await footprint.restore()) place.log('info', `${row.table} ${row.key}: ${row.outcome}`);
  }
  return results;
}

/** What the calls so far made goes also when the flow is cut off; so it has a time of its own. */
async function takeAway(left: Line[], captured: Names, place: CheckPlace): Promise<void> {
  const last = { ...place, signal: AbortSignal.timeout(20_000) };
  for (const line of left.filter(({ check }) => isTakingAway(check))) {
    const { claim, verdict, summary } = await runLine(line, captured, last, { failed: true, wrote: true });
    place.log(verdict === 'passed' ? 'info' : 'warn', `cut off, and taken away: ${claim}: ${summary}`);
  }
}

const word = (result: FlowResult): string =>
  result.finding !== undefined ? 'FINDING' : { passed: 'PASS', failed: 'FAIL', unknown: 'NOT RUN' }[result.verdict];

async function runLine(
  line: Line,
  captured: Names,
  place: CheckPlace,
  before: { failed: boolean; wrote: boolean },
): Promise<FlowResult> {
  const names = { ...captured, ...line.names };
  const shown = { key: line.key, claim: line.claim };
  const { capture: _, ...uses } = line.check;
  const missing = namesIn(uses).filter((name) => !Object.hasOwn(names, name));
  if (missing.length)
    return { ...shown, verdict: 'unknown', summary: `Not run: ${missing.join(', ')} was not captured.`, probes: [] };
  const kind = kindOf(line.check);
  if (before.failed && isWriting(line.check, names) && !(before.wrote && isTakingAway(line.check))) {
    return { ...shown, verdict: 'unknown', summary: 'Not run: after a failed check nothing is written.', probes: [] };
  }
  if (line.check.wait_ms) await sleep(line.check.wait_ms, undefined, { signal: place.signal });
  const outcome = await withRetry(line.check, place.signal, () => kind.run(line.check, names, place));
  if (outcome.passed) Object.assign(captured, outcome.captured);
  const other = line.check.or_finding;
  // Only what was answered can hold instead; a call that went wrong proves nothing.
  if (!outcome.passed && other && outcome.probes[0]?.passed)
    return {
      ...shown,
      claim: other,
      verdict: 'passed',
      summary: `Known of this service, and no failure. Asked was whether “${line.claim}”; ${summaryOf(outcome)}`,
      probes: outcome.probes,
      finding: other,
    };
  return {
    ...shown,
    verdict: outcome.passed ? 'passed' : 'failed',
    summary: summaryOf(outcome),
    probes: outcome.probes,
  };
}

async function withRetry(
  check: FlowCheck,
  signal: AbortSignal,
  act: () => Promise<CheckOutcome>,
): Promise<CheckOutcome> {
  for (let left = check.retry?.times ?? 1; ; left -= 1) {
    const outcome = await act();
    if (outcome.passed || left <= 1) return outcome;
    await sleep(check.retry?.every_ms ?? 100, undefined, { signal });
  }
}

/** One line for people; a statement and its values stand whole in the evidence. */
function summaryOf(outcome: CheckOutcome): string {
  const wrong = outcome.probes.find((probe) => !probe.passed);
  if (wrong) return `${wrong.short ?? wrong.what}: expected ${wrong.expected ?? 'another answer'}, got ${wrong.got}`;
  const [first] = outcome.probes;
  return first ? `${first.short ?? first.what}: ${first.got}` : 'nothing asked';
}
