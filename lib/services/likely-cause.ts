import type { ServiceEntry } from '@/lib/fleet/schema';
import type { Surface } from '@/lib/fleet/surfaces';
import type { EnvFile } from './env-file';
import { unprefixedNames } from './env-names';
import { readProcessRecord, runningProcess } from './managed-process';
import { type InstanceReading, modeOf } from './observe-instance';

/** Why a surface's observed mode is unknown or differs, one sentence; null when it agrees and every instance is healthy. */
export function likelyCause(read: {
  service: ServiceEntry;
  surface: Surface;
  env: EnvFile | null;
  declared: string | null;
  observed: string | null;
  instances: InstanceReading[];
  error: string | null;
}): string | null {
  const { service, surface, env, declared, observed, instances, error } = read;
  if (error) return error;
  if (declared !== null && declared === observed && instances.every((reading) => reading.healthy)) return null;
  const silent = instances.filter((reading) => reading.status === null);
  if (silent.length) return silentCause(service, silent, instances.length);
  const said = instances.map((one) => ({ url: one.url, mode: modeOf(one, surface.name) ?? 'unknown' }));
  if (new Set(said.map(({ mode }) => mode)).size > 1)
    return `Instances differ: ${said.map(({ url, mode }) => `${url} reports ${mode}`).join(', ')}.`;
  if (declared === null) return missingCause(service, surface, env);
  if (!Object.values(surface.modes).includes(declared)) {
    return `${surface.variable} is ${JSON.stringify(declared.slice(0, 60))}, which is no mode of this system.`;
  }
  if (observed === null)
    return instances.find((reading) => reading.error)?.error ?? 'The service does not tell its backend mode.';
  if (declared !== observed)
    return startedBefore(service, env) ?? 'Likely: the service was not restarted after its env file changed.';
  return 'The service answers, but says that it is not healthy.';
}

function silentCause(service: ServiceEntry, silent: InstanceReading[], all: number): string {
  if (service.restart.kind === 'managed' && !runningProcess(service.name)) {
    const record = readProcessRecord(service.name);
    if (record?.wanted === false) return `Service ${service.name} was stopped on purpose.`;
    return `Service ${service.name} is not running; the console starts it again.`;
  }
  return `${silent.length} of ${all} instances ${silent.length === 1 ? 'does' : 'do'} not answer: ${silent.map((reading) => reading.url).join(', ')}.`;
}

/** The variable is missing; a name that differs by case or prefix only is the usual reason. */
function missingCause(service: ServiceEntry, { variable }: Surface, env: EnvFile | null): string {
  const prefix = service.env_prefix;
  const ignored =
    env && prefix ? unprefixedNames(service, env.values).find((name) => variable === prefix + name) : null;
  if (ignored)
    return `Likely: a variable without the ${prefix} prefix is set in the env file: ${ignored}. The service ignores it; ${variable} is not set.`;
  const bare = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const wanted = bare(variable);
  const tail = bare(variable.split('_').slice(1).join('_'));
  const near = Object.keys(env?.values ?? {}).find(
    (name) => bare(name) === wanted || (tail.length >= 6 && bare(name).endsWith(tail)),
  );
  const hint = near ? ` It holds ${near}: likely a misspelt name.` : '';
  return `${variable} is not set in ${service.env_file}.${hint}`;
}

function startedBefore(service: ServiceEntry, env: EnvFile | null): string | null {
  const record = readProcessRecord(service.name);
  if (!record || !env) return null;
  if (record.envDigest !== env.digest) return 'Likely: the service was not restarted since its env file changed.';
  return `The service was started with this env file at ${record.startedAt} and still reports another mode: it reads its mode elsewhere, or falls back.`;
}
