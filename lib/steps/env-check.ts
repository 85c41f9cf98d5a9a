import { z } from 'zod';
import { envName, type ServiceEntry } from '@/lib/fleet/schema';
import { surfacesOf } from '@/lib/fleet/surfaces';
import { readEnvFile } from '@/lib/services/env-file';
import { unprefixedNames } from '@/lib/services/env-names';
import { runningProcess } from '@/lib/services/managed-process';
import { environNamesOf } from '@/lib/services/process-birth';
import { listWords } from '@/lib/shared/words';
import { checkpoint } from './parts/checkpoint';
import type { MachineStep, NewFinding, StepContext } from './step';

const params = z.strictObject({
  /** Names without the service's prefix that must not be set: the service would ignore them. The fleet file's own are always among them. */
  names: z.array(envName).default([]),
  /** Variables that the service's papers name and no code reads: name → what holds instead. Told when one is set. */
  ignored: z.record(envName, z.string()).default({}),
});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'env-check',
  title: 'Check the variable names',
  why: 'A variable that the service does not read changes nothing, and nothing says so.',
  params,
  async plan(ctx) {
    return {
      lines: ctx.services.flatMap((service) => [
        {
          type: 'env' as const,
          on: 'service',
          effect: 'read' as const,
          does: `Reads the names in ${service.env_file}${service.env_prefix ? `; each that the service knows must begin with ${service.env_prefix}` : ''}.`,
          text: service.env_file,
          undo: 'nothing to undo',
        },
        ...(service.restart.kind === 'managed'
          ? [
              {
                type: 'check' as const,
                on: 'service',
                effect: 'read' as const,
                does: 'Reads the names, never the values, of the variables that the running process was started with.',
                undo: 'nothing to undo',
              },
            ]
          : []),
      ]),
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is changed; the reading is the check.');
  },
  async check(ctx, params) {
    await ctx.saveFindings(ctx.services.flatMap((service) => ignoredFindings(ctx, service, params)));
    return {
      checkpoints: ctx.services.flatMap((service) => [...prefixChecks(service, params), startedCheck(service)]),
    };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

/** Where names are read: the env file, and what a managed process has now. */
function placesOf(service: ServiceEntry): { where: string; names: string[] }[] {
  const running = service.restart.kind === 'managed' ? runningProcess(service.name) : null;
  const inProcess = running ? environNamesOf(running.pid) : null;
  return [
    { where: 'the env file', names: Object.keys(readEnvFile(service.env_file).values) },
    ...(inProcess && running ? [{ where: `the environment of pid ${running.pid}`, names: inProcess }] : []),
  ];
}

const asValues = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, '']));

function prefixChecks(service: ServiceEntry, { names: more }: Params) {
  const prefix = service.env_prefix;
  if (!prefix) return [];
  const probes = placesOf(service).map(({ where, names }) => {
    const found = unprefixedNames(service, asValues(names), more);
    return {
      what: `names in ${where}`,
      expected: `each known name with ${prefix}`,
      got: found.length ? `without it: ${found.join(', ')}` : 'none without it',
      passed: found.length === 0,
      found,
      where,
    };
  });
  const wrong = probes.filter(({ found }) => found.length);
  const surfaces = surfacesOf(service).filter(({ variable }) =>
    wrong.some(({ found }) => found.some((name) => prefix + name === variable)),
  );
  const named = surfaces.flatMap(({ name }) => name ?? []);
  return [
    checkpoint(
      `prefix-${service.name}`,
      `Every variable of ${service.name} has the prefix ${prefix}`,
      wrong.length === 0,
      {
        summary: wrong.length
          ? `${wrong.map(({ found, where }) => `A variable without the ${prefix} prefix is set in ${where}: ${found.join(', ')}`).join('; ')}. The service ignores it${named.length ? `, and ${listWords(named)} ${named.length === 1 ? 'falls' : 'fall'} back without a word` : ''}. Put ${prefix} in front of the name, restart the service, and run this step again.`
          : `${probes.map(({ where }) => where).join(' and ')}: none without it`,
        probes: probes.map(({ found: _, where: __, ...probe }) => probe),
      },
    ),
  ];
}

/** What stands in the env file is what the process was started with. */
function startedCheck(service: ServiceEntry) {
  const claim = `${service.name} was started with the env file as it is now`;
  const running = service.restart.kind === 'managed' ? runningProcess(service.name) : null;
  if (service.restart.kind !== 'managed')
    return checkpoint(`started-${service.name}`, `The env file of ${service.name} can be read`, true, {
      summary: 'the service is not the console’s to start, so its own environment is not read',
    });
  const same = running ? running.envDigest === readEnvFile(service.env_file).digest : null;
  return checkpoint(`started-${service.name}`, claim, same, {
    summary: running
      ? same
        ? `pid ${running.pid}, since ${running.startedAt}`
        : 'The env file changed since; restart the service so that it reads it'
      : 'the service does not run',
  });
}

const ignoredFindings = (ctx: StepContext, service: ServiceEntry, { ignored }: Params): NewFinding[] => {
  const set = new Set(placesOf(service).flatMap(({ names }) => names));
  return Object.entries(ignored)
    .filter(([name]) => set.has(name))
    .map(([name, why]) => ({
      key: `${ctx.step.id}.${name}.variable_ignored`,
      code: 'variable_ignored',
      table: service.name,
      column: null,
      count: 1n,
      message: `${name} is set for ${service.name} and read by nothing: ${why}`,
      sample: [],
      rules: [],
      blocking: false,
    }));
};
