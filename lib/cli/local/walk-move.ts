import { registry } from '@/lib/steps/registry';
import { toFacts } from '@/lib/errors';
import { sinceCopy } from '@/lib/sources/live-state';
import type { RunbookStep } from '@/lib/fleet/runbook-schema';
import { visibleText } from '@/lib/shared/visible-text';
import { exitCodes, type Output } from '@/lib/cli/command';
import { askYes } from './ask';
import { openOf } from './chosen-rules';
import { findingsResult, showFindings } from './show-findings';
import { hasPassed, type LocalWalk } from './local-walk';
import { hasBegun, refuseFullSchema, type Move, type OpenMove } from './open-move';
import { claimsOf, proveFile, refuseOtherRules, showClaims } from './prove-file';
import { showPlan, type PlannedStep } from './show-plan';
import { liveStateThen, sinceWords } from './since-words';
import type { Screen } from './show-progress';

export const titleOf = (step: RunbookStep): string => step.title ?? registry[step.kind]?.title ?? step.kind;

/** Preflight, plan, consent, then every step until one does not hold. @returns exit code */
export async function walkMove(
  open: OpenMove,
  move: Move,
  output: Output,
  screen: Screen,
  yes: boolean,
): Promise<number> {
  const { walk, preflight, steps } = open;
  const begun = hasBegun(walk.state, steps);
  if (begun) refuseOtherRules(walk, move);
  else {
    await refuseFullSchema(move);
    output.line(`${titleOf(preflight)}…`);
    const proof = await proveFile(walk, preflight, move, screen);
    if (proof !== 'passed') return refused(open, move, proof, output);
    showFindings(output, walk.state.findings, walk.state.rules, move.asked);
    showClaims(output, claimsOf(walk, preflight.id));
  }
  const pending = steps.filter(({ id }) => walk.state.steps.get(id)?.status !== 'passed');
  if (begun)
    output.line(
      `Goes on with ${titleOf(pending[0] ?? preflight)}; ${steps.length - pending.length} steps hold already.`,
    );
  const planned = await planSteps(walk, pending);
  if (!(await hasConsent(move, planned, output, yes))) return exitCodes.refused;
  for (const { stepId, title, digest } of planned) {
    output.line('');
    output.line(title);
    const verdict = await walk.run(stepId, digest);
    screen.clear();
    showClaims(output, claimsOf(walk, stepId));
    if (!hasPassed(verdict)) return stopped(walk, move, stepId, output);
  }
  walk.append({ what: 'moved' });
  return moved(walk, move, output);
}

export async function planSteps(walk: LocalWalk, steps: readonly RunbookStep[]): Promise<PlannedStep[]> {
  const planned: PlannedStep[] = [];
  for (const step of steps) {
    const { digest, lines } = await walk.plan(step.id);
    planned.push({ stepId: step.id, title: titleOf(step), digest, lines });
  }
  return planned;
}

/** Nothing is done that nobody said yes to. */
async function hasConsent(move: Move, planned: PlannedStep[], output: Output, yes: boolean): Promise<boolean> {
  if (!output.json) showPlan(output, planned, false);
  if (yes) return true;
  output.line('');
  const answer = output.json ? null : await askYes(`Move ${move.given} into schema ${move.schema} at ${move.place}?`);
  if (answer) return true;
  const why = answer === null ? 'Nobody can be asked here: add --yes to go on.' : 'Nothing was changed.';
  output.line(why);
  output.result({ state: 'planned', plan: planned, refused: why });
  return false;
}

function refused({ walk, preflight }: OpenMove, { asked }: Move, proof: 'findings' | 'failed', output: Output): number {
  const { findings, rules } = walk.state;
  const claims = claimsOf(walk, preflight.id);
  showClaims(output, claims, true);
  showFindings(output, findings, rules, asked);
  output.line('');
  output.line(
    proof === 'findings'
      ? openOf(findings, rules).some((one) => !one.rules.length)
        ? 'Nothing was changed: a finding has no rule on offer. Change the data or the target first.'
        : 'Nothing was changed: every open finding needs a rule first.'
      : 'Nothing was changed: mend what does not hold, then try again.',
  );
  output.result({ state: 'refused', reason: proof, claims, findings: findingsResult(findings, rules) });
  return proof === 'findings' ? exitCodes.findings : exitCodes.refused;
}

function stopped(walk: LocalWalk, move: Move, stepId: string, output: Output): number {
  output.line('');
  output.line(
    `Stopped: ${stepId} does not hold. The file is as it was; ${move.schema} holds what was moved so far. Mend the cause and give the same command again, or take it back with --undo. Evidence: ${walk.folder}/evidence.`,
  );
  output.result({ state: 'stopped', stepId, claims: claimsOf(walk, stepId), folder: walk.folder });
  return exitCodes.failed;
}

function moved(walk: LocalWalk, move: Move, output: Output): number {
  const steps = [...walk.state.steps].map(([id, { status, at, claims }]) => ({ id, status, at, claims }));
  output.line('');
  output.line(`Moved: ${move.given} is in schema ${move.schema} at ${move.place}, every row and cell compared.`);
  output.line(`Evidence, log and the copy that was read: ${walk.folder}`);
  const since = sinceCopy([move.file], liveStateThen(walk.state));
  for (const line of sinceWords(since, move)) output.line(line);
  output.result({
    state: 'moved',
    sinceCopy: since,
    file: move.file,
    schema: move.schema,
    target: move.place,
    folder: walk.folder,
    steps,
  });
  return exitCodes.done;
}

/** What a step that threw leaves, and how to go on. @returns null when nothing had begun: then it is a plain refusal */
export function brokeOff(open: OpenMove, move: Move, thrown: unknown, output: Output): number | null {
  const { walk, steps } = open;
  const running = [...walk.state.steps].findLast(([, { status }]) => status !== 'passed')?.[0] ?? 'preflight';
  const error = toFacts(thrown);
  const folder = walk.folder;
  if (!walk.stopped() && !steps.some(({ id }) => walk.state.steps.has(id))) return null;
  output.line('');
  if (!walk.stopped())
    process.stderr.write(`${visibleText(error.message)} [${error.code}]\n${visibleText(error.advice)}\n`);
  output.line(
    `${walk.stopped() ? 'Ended' : 'Stopped'} during ${running}. ${hasBegun(walk.state, steps) ? 'Committed batches stay, nothing is half-written' : 'The target was not touched'}. The same command goes on where it ended; --undo takes it back; cutover status ${move.given} says where it stands.`,
  );
  if (walk.stopped()) {
    output.result({ state: 'interrupted', stepId: running, folder });
    return exitCodes.interrupted;
  }
  output.result({ state: 'stopped', stepId: running, error, folder });
  return exitCodes.failed;
}
