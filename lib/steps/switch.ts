import { z } from 'zod';
import { lossOf } from '@/lib/dataplane';
import { CutoverError, toFacts } from '@/lib/errors';
import { envName, type ServiceEntry } from '@/lib/fleet/schema';
import type { Surface } from '@/lib/fleet/surfaces';
import type { PlanLine, RowDiffSummary } from '@/lib/shared/evidence';
import { envDifference, readEnvFile } from '@/lib/services/env-file';
import { freezeHeaders, heldWords, readFreeze } from '@/lib/services/freeze-http';
import { runningProcess } from '@/lib/services/managed-process';
import { countWords } from '@/lib/shared/words';
import { modeOf, modeOver, observeInstance } from '@/lib/services/observe-instance';
import { unsetNames, withheld } from '@/lib/services/unset-names';
import { type BackendChange, changeBackend, heldChanges } from './parts/change-backend';
import { checkpoint } from './parts/checkpoint';
import { countHeldLoss, heldLossLine } from './parts/held-loss';
import { noteHeld } from './parts/held-reading';
import { diffNow } from './parts/row-diff-evidence';
import { firstService, headersOf, secretOf } from './parts/places';
import { surfacesIn } from './parts/surfaces';
import { unsetCheckpoint } from './parts/unset-check';
import { markOutput, type OutputMarks } from './parts/service-output';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({
  to: z.string(),
  /** Surfaces to switch. (Default: all that the cutover moves) */
  surfaces: z.array(z.string()).min(1).optional(),
  /** true: one restart for all surfaces; false: one by one, each in its mode before the next. */
  together: z.boolean().default(true),
  /** Variables taken away: from the env file, or from what the console gives a managed process. */
  unset: z.array(envName).default([]),
  /** Writes no backend variable: the service restarts on the side it is on. */
  restart_only: z.boolean().default(false),
});
type Params = z.infer<typeof params>;

const otherOf = (ctx: StepContext, to: string): string => (to === ctx.runbook.to ? ctx.runbook.from : ctx.runbook.to);

const goesBack = (ctx: StepContext, { to, restart_only: isRestart }: Params): boolean =>
  to === ctx.runbook.from && !isRestart;

function changeOf(ctx: StepContext, service: ServiceEntry, params: Params): BackendChange {
  const surfaces = surfacesIn(ctx, service, params.surfaces);
  return {
    mode: params.to,
    surfaces,
    together: params.together,
    unset: unsetNames(service, params.unset, params.to, surfaces),
    restartOnly: params.restart_only,
  };
}

export const step = {
  kind: 'switch',
  title: 'Switch the backend',
  why: 'The service goes to the other backend while users are held.',
  params,
  async plan(ctx, params) {
    const lines = ctx.services.flatMap((service) => serviceLines(ctx, service, changeOf(ctx, service, params)));
    if (!goesBack(ctx, params)) return { lines };
    const loss = await lossNow(ctx);
    return { lines: [heldLossLine(ctx), ...lines], ...(loss ? { loss } : {}) };
  },
  async run(ctx, params) {
    // Kept over a crash: what the restarted service has said by then is said since the switch.
    const output = (await ctx.state.get<OutputMarks>('output')) ?? markOutput(ctx.services);
    await ctx.state.set('output', output);
    if (goesBack(ctx, params)) await countHeldLoss(ctx, (within) => readLoss(within, false));
    for (const service of ctx.services) await changeBackend(ctx, service, changeOf(ctx, service, params));
    ctx.setFact('output', output);
    ctx.setFact('switchedAt', new Date().toISOString());
  },
  async check(ctx, params) {
    await noteHeld(ctx, true);
    const checkpoints = [];
    for (const service of ctx.services) {
      const { surfaces, unset } = changeOf(ctx, service, params);
      if (service.freeze) checkpoints.push(await heldCheckpoint(ctx, service));
      if (unset.length) checkpoints.push(unsetCheckpoint(service, unset));
      // Last: it is what the live strip says of the step.
      checkpoints.push(await modeCheckpoint(ctx, service, surfaces, params.to));
    }
    return { checkpoints };
  },
  async undo(ctx, params) {
    const to = params.restart_only ? params.to : otherOf(ctx, params.to);
    for (const service of ctx.services)
      await changeBackend(ctx, service, { ...changeOf(ctx, service, params), mode: to, together: true, unset: [] });
    await ctx.state.set('output', null);
  },
} satisfies MachineStep<Params>;

function serviceLines(ctx: StepContext, service: ServiceEntry, change: BackendChange): PlanLine[] {
  const { mode, surfaces, restartOnly, together } = change;
  const back = restartOnly ? mode : otherOf(ctx, mode);
  const held = service.freeze?.start_held_variable;
  const names = surfaces.map(({ variable }) => variable);
  // The difference is told from the mode we come from, so that a plan made again in mid-switch is the same plan.
  const values = {
    ...readEnvFile(service.env_file).values,
    ...Object.fromEntries(restartOnly ? [] : names.map((name) => [name, back])),
  };
  if (held) delete values[held];
  const shown = Object.fromEntries(
    Object.entries(heldChanges(ctx, service, { ...change, unset: [] })).map(([name, value]) => [
      name,
      name === held ? '<bypass of this cutover>' : value,
    ]),
  );
  // What is unset may be a secret: its name is told, never its value.
  const away = change.unset.map(
    (name) => `-${name}${withheld(service, [name]).length ? ' (secret, no longer given)' : ''}`,
  );
  const returned = names.map((name) => `${name}=${back}`).join(', ');
  const oneByOne = !together && surfaces.length > 1;
  const managed = service.restart.kind === 'managed' ? ' The old process is gone before the new one starts.' : '';
  return [
    {
      type: 'env',
      on: 'service',
      effect: 'write',
      does: `Writes ${service.env_file}, whole or not at all; every other line stays.`,
      text: [envDifference(values, shown), ...away].join('\n'),
      undo: restartOnly ? 'nothing to undo' : `${returned} is written back`,
    },
    {
      type: 'command',
      on: 'service',
      effect: 'write',
      does: `Restarts ${service.name}${oneByOne ? ` ${surfaces.length} times, once a surface (${surfaces.map(({ label }) => label).join(', ')})` : ''}; it starts held.${managed}`,
      text: service.restart.argv.join(' '),
      undo: restartOnly ? 'it is restarted again' : `it is restarted with ${returned}`,
    },
    {
      type: 'wait',
      on: 'service',
      effect: 'read',
      does: `Waits until every instance is healthy and reports ${mode}${surfaces[0]?.name ? ` for ${surfaces.map(({ label }) => label).join(', ')}` : ''}, at most ${service.ready_seconds} s.`,
      text: service.instances.map((url) => `GET ${url}${service.observe.path}`).join('\n'),
      undo: 'nothing to undo',
    },
  ];
}

async function heldCheckpoint(ctx: StepContext, service: ServiceEntry) {
  const states = await readFreeze(service, freezeHeaders(service, headersOf(ctx), secretOf(ctx)), ctx.signal);
  return checkpoint(
    `held-${service.name}`,
    `${service.name} still holds users`,
    states.some((state) => state.held === null) ? null : states.every((state) => state.held === true),
    { summary: states.map((state) => state.error ?? heldWords(state.held)).join('; ') },
  );
}

async function modeCheckpoint(ctx: StepContext, service: ServiceEntry, surfaces: Surface[], to: string) {
  const env = readEnvFile(service.env_file);
  const readings = await Promise.all(
    service.instances.map((url) => observeInstance(service, url, headersOf(ctx), ctx.signal)),
  );
  const declared = surfaces.map(({ variable }) => env.values[variable]);
  const running = service.restart.kind === 'managed' ? runningProcess(service.name) : null;
  const fresh = service.restart.kind !== 'managed' || running?.envDigest === env.digest;
  const modes = readings.map((reading) => modeOver(reading, surfaces));
  const known = modes.every((mode) => mode !== null);
  return checkpoint(
    `mode-${service.name}`,
    `${service.name} runs in ${to}`,
    known ? declared.every((mode) => mode === to) && modes.every((mode) => mode === to) && fresh : null,
    {
      summary: `declared ${[...new Set(declared.map((mode) => mode ?? 'not set'))].join(', ')}, observed ${modes.map((mode) => mode ?? 'unknown').join(', ')}${running ? `, pid ${running.pid}` : ''}`,
      digests: [{ of: service.env_file, sha256: env.digest }],
      probes: readings.flatMap((reading) =>
        surfaces.map(({ name }) => ({
          what: `GET ${reading.url}${service.observe.path}${name === null ? '' : `: ${name}`}`,
          expected: to,
          got: reading.error ?? modeOf(reading, name) ?? 'unknown',
          passed: modeOf(reading, name) === to,
        })),
      ),
    },
  );
}

const noSource: readonly string[] = [
  'source_missing',
  'source_empty',
  'source_not_a_database',
  'source_damaged',
  'source_forbidden',
];

/** Going back to a file that is not there would leave the service on nothing; it stays where it is, and users with it.
 *  @throws CutoverError source_* */
function refuseWithoutSource(ctx: StepContext, thrown: unknown): void {
  if (!(thrown instanceof CutoverError) || !noSource.includes(thrown.code)) return;
  throw new CutoverError(
    {
      code: thrown.code,
      message: `${thrown.message} The service stays on ${ctx.runbook.to}: ${ctx.runbook.from} has nothing to go back to.`,
      advice:
        'Put the file back (the verified copy of this cutover is kept in the snapshots), then make the plan again.',
      retry: 'later',
      facts: thrown.facts,
    },
    { cause: thrown },
  );
}

/** Rows of the target that the source does not hold. Undefined once the service is told to go back. */
async function readLoss(ctx: StepContext, resumes: boolean): Promise<RowDiffSummary | undefined> {
  const service = firstService(ctx);
  const { values } = readEnvFile(service.env_file);
  if (surfacesIn(ctx, service).every(({ variable }) => values[variable] === ctx.runbook.from)) return undefined;
  const { durationMs: _, ...diff } = await diffNow(ctx, 'live', resumes);
  return diff;
}

/** What going back would drop as users write on. Undefined when it cannot be found out. */
async function lossNow(ctx: StepContext): Promise<RowDiffSummary | undefined> {
  try {
    const diff = await readLoss(ctx, true);
    if (!diff) return undefined;
    ctx.log('info', `Going back would drop ${countWords(BigInt(lossOf(diff)), 'row')} as they are now.`);
    return diff;
  } catch (thrown) {
    ctx.throwIfEnded();
    refuseWithoutSource(ctx, thrown);
    const facts = toFacts(thrown);
    ctx.log('warn', `What would be lost is unknown: ${facts.message}`);
    return undefined;
  }
}
