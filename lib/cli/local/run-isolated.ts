import { rmSync } from 'node:fs';
import { secretsOfProfile, secretsOfService } from '@/lib/fleet/secret-names';
import { currentFleet } from '@/lib/fleet/load';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import { firstTouching } from '@/lib/fleet/stands-alone';
import { exitCodes, type Output } from '@/lib/cli/command';
import { hostSecrets } from '@/lib/cli/secrets';
import { pinEntry } from '@/lib/cutover/pin-entry';
import { CutoverError } from '@/lib/errors';
import { homeFolder } from '@/lib/services/data-home';
import { withHostLock } from '@/lib/services/host-lock';
import { askYes } from './ask';
import { hasPassed, openLocalWalk } from './local-walk';
import { withInterrupt } from './open-move';
import { claimsOf, showClaims } from './prove-file';
import { showFindings } from './show-findings';
import { showPlan } from './show-plan';
import { openScreen } from './show-progress';
import { planSteps } from './walk-move';

type Asked = { given: string; runbook: string | undefined; keep: boolean; yes: boolean };

/**
 * Runs a runbook of a profile that stands on its own, as a smoke on a throw-away PostgreSQL does: from this host, without
 * control plane or cutover. @returns exit code
 */
export async function runIsolated({ given, runbook: name, keep, yes }: Asked, output: Output): Promise<number> {
  const [system = '', ...rest] = given.split('/');
  const sourceId = rest.join('/');
  const fleet = currentFleet();
  const found = fleet.find(system, sourceId);
  const loaded = isolatedRunbook(fleet.runbook(name ?? found.profile.runbook).runbook, given);
  const runbook = keep ? keepScratch(loaded) : loaded;
  const runId = `isolated-${Buffer.from(`${given} ${runbook.name}`).toString('hex').slice(-48)}`;
  const folder = homeFolder('isolated', runId);
  return withHostLock({ service: runId, attemptId: runId, epoch: 1, waitMs: 0 }, async () => {
    const screen = openScreen(output);
    // The evidence of an earlier run goes; a throw-away PostgreSQL that it kept is found by its name and removed.
    rmSync(folder, { recursive: true, force: true });
    homeFolder('isolated', runId);
    const walk = openLocalWalk({
      folder,
      cutoverId: runId,
      entry: pinEntry(found).entry,
      runbook,
      secrets: knownSecrets(found),
      tentative: [],
      watcher: screen,
    });
    return withInterrupt(walk, output, async () => {
      const steps = runbook.phases.flatMap((phase) => phase.steps);
      const planned = await planSteps(walk, steps);
      if (!output.json) showPlan(output, planned, false);
      if (!yes && !(await askYes(`Run ${runbook.name} for ${given}?`))) {
        output.line('Nothing was done. Without a terminal, add --yes.');
        output.result({ state: 'planned', plan: planned });
        return exitCodes.refused;
      }
      let failed: string | null = null;
      for (const { stepId, title, digest } of planned) {
        output.line('');
        output.line(title);
        const verdict = await walk.run(stepId, digest);
        screen.clear();
        showClaims(output, claimsOf(walk, stepId));
        if (!hasPassed(verdict)) {
          failed = stepId;
          break;
        }
      }
      showFindings(output, walk.state.findings, walk.state.rules);
      output.line('');
      output.line(`${failed ? `Failed: ${failed} does not hold.` : 'Passed.'} Log and evidence: ${folder}`);
      output.result({
        state: failed ? 'failed' : 'passed',
        stepId: failed,
        claims: planned.flatMap(({ stepId }) => claimsOf(walk, stepId).map((claim) => ({ stepId, ...claim }))),
        folder,
      });
      return failed ? exitCodes.failed : exitCodes.done;
    });
  });
}

/** @throws CutoverError state_forbids naming the first step that would touch the profile */
function isolatedRunbook(runbook: Runbook, given: string): Runbook {
  const touching = firstTouching(runbook);
  if (!touching) return runbook;
  throw new CutoverError({
    code: 'state_forbids',
    message: `Step ${touching.id} of ${runbook.name} acts on ${given} itself, so it belongs to a cutover with its gates and sign-offs.`,
    advice:
      'Plan it on the page New cutover; --runbook names a runbook that stands on its own, e.g. one with a smoke on a throw-away PostgreSQL.',
    facts: { stepId: touching.id },
  });
}

const keepScratch = (runbook: Runbook): Runbook => ({
  ...runbook,
  phases: runbook.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => ({
      ...step,
      params: { ...step.params, scratch: { ...(step.params.scratch as object | undefined), keep: true } },
    })),
  })),
});

/** Values that this host has; a name without one is missed by the step that needs it. */
function knownSecrets({
  profile,
  service,
}: ReturnType<ReturnType<typeof currentFleet>['find']>): Record<string, string> {
  const secret = hostSecrets();
  const names = [...secretsOfProfile(profile), ...(service ? secretsOfService(service) : [])];
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      try {
        return [[name, secret(name)]];
      } catch (thrown) {
        if (thrown instanceof CutoverError && thrown.code === 'dsn_missing') return [];
        throw thrown;
      }
    }),
  );
}
