import type { ProfileEntry, ServiceEntry } from '@/lib/fleet/schema';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { type Surface, surfacesOf, wholeMode } from '@/lib/fleet/surfaces';
import { CutoverError } from '@/lib/errors';
import type { StayReading, SurfaceReading } from '@/lib/shared/surface-readings';
import { readEnvFile, type EnvFile } from './env-file';
import { likelyCause } from './likely-cause';
import type { SecretOf } from './managed-process';
import { modeOf, observeInstance, type InstanceReading } from './observe-instance';

export type ProfileReading = {
  /** From the env file; `mixed` where its surfaces differ; null when a variable is missing. */
  declared: string | null;
  /** From every instance's own answer; null (unknown) when one does not answer or two differ. */
  observed: string | null;
  healthy: boolean | null;
  /** Slowest instance. */
  latencyMs: number | null;
  /** Why observed is unknown or differs from declared, one sentence; null when they agree. */
  cause: string | null;
  /** Empty where the service has one backend. */
  surfaces: SurfaceReading[];
  stays: StayReading[];
  instances: InstanceReading[];
  at: string;
};

/** One quick reading of a profile. Unknown stays unknown: nothing is guessed from the env file. */
export async function observeProfile(
  profile: ProfileEntry,
  service: ServiceEntry,
  /** For headers that come from a secret. */
  secret: SecretOf,
  signal?: AbortSignal,
): Promise<ProfileReading> {
  const { env, error } = readDeclared(service);
  const headers = headersOfProfile(profile, secret);
  const instances = await Promise.all(service.instances.map((url) => observeInstance(service, url, headers, signal)));
  const read = surfacesOf(service).map((surface) => {
    const declared = env?.values[surface.variable] ?? null;
    const modes = new Set(instances.map((one) => modeOf(one, surface.name)));
    const observed = modes.size === 1 ? ([...modes][0] ?? null) : null;
    const cause = likelyCause({ service, surface, env, declared, observed, instances, error });
    return { name: surface.name, title: surface.label, variable: surface.variable, declared, observed, cause };
  });
  const latencies = instances.flatMap((reading) => (reading.latencyMs === null ? [] : [reading.latencyMs]));
  return {
    declared: wholeMode(read.map(({ declared }) => declared)),
    observed: wholeMode(read.map(({ observed }) => observed)),
    surfaces: read.flatMap(({ name, ...one }) => (name === null ? [] : [{ name, ...one }])),
    stays: staysOf(service, instances),
    instances,
    healthy:
      instances.some((reading) => reading.status === null) && !instances.some((reading) => reading.healthy)
        ? false
        : instances.every((reading) => reading.healthy),
    latencyMs: latencies.length ? Math.max(...latencies) : null,
    cause: causesOf(read),
    at: new Date().toISOString(),
  };
}

/** The same over some of the surfaces. */
export function modesOver(
  { declared, observed, surfaces: read }: Pick<ProfileReading, 'declared' | 'observed' | 'surfaces'>,
  surfaces: readonly Surface[],
): Pick<ProfileReading, 'declared' | 'observed'> {
  const chosen = read.filter((one) => surfaces.some(({ name }) => name === one.name));
  if (!chosen.length) return { declared, observed };
  return {
    declared: wholeMode(chosen.map((one) => one.declared)),
    observed: wholeMode(chosen.map((one) => one.observed)),
  };
}

/** Surfaces that differ from what is declared, and one sentence each time the cause is another one. */
function causesOf(read: { name: string | null; title: string; cause: string | null }[]): string | null {
  const causes = [...new Set(read.flatMap(({ cause }) => cause ?? []))];
  if (!causes.length) return null;
  if (causes.length === 1 && read.every(({ cause }) => cause !== null)) return causes[0] ?? null;
  return causes
    .map((cause) => {
      const of = read.filter((one) => one.cause === cause).map(({ title }) => title);
      const likely = /^Likely: /.exec(cause)?.[0] ?? '';
      return `${likely ? 'Likely for ' : ''}${of.join(', ')}: ${cause.slice(likely.length)}`;
    })
    .join(' ');
}

function staysOf({ observe }: ServiceEntry, instances: InstanceReading[]): StayReading[] {
  return Object.entries(observe.stays ?? {}).map(([name, { title, is, why }]) => {
    const said = new Set(instances.map((one) => one.stays.find((stay) => stay.name === name)?.said ?? null));
    return { name, title: title ?? name, is, said: said.size === 1 ? ([...said][0] ?? null) : null, why: why ?? null };
  });
}

function readDeclared(service: ServiceEntry): { env: EnvFile | null; error: string | null } {
  try {
    return { env: readEnvFile(service.env_file), error: null };
  } catch (thrown) {
    return { env: null, error: thrown instanceof CutoverError ? thrown.message : String(thrown) };
  }
}
