import type { ServiceEntry } from '@/lib/fleet/schema';
import { type Surface, surfacesOf } from '@/lib/fleet/surfaces';
import { readEnvFile } from './env-file';

/**
 * Which of these variables may be taken away once the changed surfaces are on `mode`: none while another surface of the
 * service is on the other side, since it would not start without them.
 * @param changed surfaces whose line in the env file does not count
 */
export function unsetNames(
  service: ServiceEntry,
  unset: readonly string[],
  mode: string,
  changed: readonly Surface[] = [],
): string[] {
  const { values } = readEnvFile(service.env_file);
  const needed = surfacesOf(service)
    .filter(({ variable }) => !changed.some((one) => one.variable === variable))
    .some(({ variable }) => values[variable] !== undefined && values[variable] !== mode);
  return needed ? [] : [...unset];
}

/** Secrets by name that the process must no longer be given; the others are lines of the env file. */
export const withheld = (service: ServiceEntry, unset: readonly string[]): string[] =>
  unset.filter((name) => !service.env_allow.includes(name));
