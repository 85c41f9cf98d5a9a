import type { ProfileEntry, ServiceEntry } from '@/lib/fleet/schema';
import { CutoverError } from '@/lib/errors';
import { readEnvFile, type EnvFile } from './env-file';
import { readProcessRecord, runningProcess } from './managed-process';
import { observeInstance, type InstanceReading } from './observe-instance';

export type ProfileReading = {
  /** From the env file; null when the variable is missing. */
  declared: string | null;
  /** From every instance's own answer; null (unknown) when one does not answer or two differ. */
  observed: string | null;
  healthy: boolean | null;
  /** Slowest instance. */
  latencyMs: number | null;
  /** Why observed is unknown or differs from declared, one sentence; null when they agree. */
  cause: string | null;
  instances: InstanceReading[];
  at: string;
};

/** One quick reading of a profile. Unknown stays unknown: nothing is guessed from the env file. */
export async function observeProfile(
  profile: ProfileEntry,
  service: ServiceEntry,
  signal?: AbortSignal,
): Promise<ProfileReading> {
  const { env, error } = readDeclared(service);
  const declared = env?.values[service.mode_variable] ?? null;
  const instances = await Promise.all(
    service.instances.map((url) => observeInstance(service, url, profile.headers, signal)),
  );
  const modes = new Set(instances.map((reading) => reading.observed));
  const observed = modes.size === 1 ? (instances[0]?.observed ?? null) : null;
  const latencies = instances.flatMap((reading) => (reading.latencyMs === null ? [] : [reading.latencyMs]));
  return {
    declared,
    observed,
    instances,
    healthy:
      instances.some((reading) => reading.status === null) && !instances.some((reading) => reading.healthy)
        ? false
        : instances.every((reading) => reading.healthy),
    latencyMs: latencies.length ? Math.max(...latencies) : null,
    cause: likelyCause({ service, env, declared, observed, instances, error }),
    at: new Date().toISOString(),
  };
}

function readDeclared(service: ServiceEntry): { env: EnvFile | null; error: string | null } {
  try {
    return { env: readEnvFile(service.env_file), error: null };
  } catch (thrown) {
    return { env: null, error: thrown instanceof CutoverError ? thrown.message : String(thrown) };
  }
}

function likelyCause(read: {
  service: ServiceEntry;
  env: EnvFile | null;
  declared: string | null;
  observed: string | null;
  instances: InstanceReading[];
  error: string | null;
}): string | null {
  const { service, env, declared, observed, instances, error } = read;
  if (error) return error;
  if (declared !== null && declared === observed && instances.every((reading) => reading.healthy)) return null;
  const silent = instances.filter((reading) => reading.status === null);
  if (silent.length) return silentCause(service, silent, instances.length);
  const modes = [...new Set(instances.map((reading) => reading.observed ?? 'unknown'))];
  if (modes.length > 1)
    return `Instances differ: ${instances.map((r) => `${r.url} reports ${r.observed ?? 'unknown'}`).join(', ')}.`;
  if (declared === null) return missingCause(service, env);
  if (!Object.values(service.observe.modes).includes(declared)) {
    return `${service.mode_variable} is ${JSON.stringify(declared.slice(0, 60))}, which is no mode of this system.`;
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
function missingCause(service: ServiceEntry, env: EnvFile | null): string {
  const bare = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const wanted = bare(service.mode_variable);
  const tail = bare(service.mode_variable.split('_').slice(1).join('_'));
  const near = Object.keys(env?.values ?? {}).find(
    (name) => bare(name) === wanted || (tail.length >= 6 && bare(name).endsWith(tail)),
  );
  const hint = near ? ` It holds ${near}: likely a misspelt name.` : '';
  return `${service.mode_variable} is not set in ${service.env_file}.${hint}`;
}

function startedBefore(service: ServiceEntry, env: EnvFile | null): string | null {
  const record = readProcessRecord(service.name);
  if (!record || !env) return null;
  if (record.envDigest !== env.digest) return 'Likely: the service was not restarted since its env file changed.';
  return `The service was started with this env file at ${record.startedAt} and still reports another mode: it reads its mode elsewhere, or falls back.`;
}
