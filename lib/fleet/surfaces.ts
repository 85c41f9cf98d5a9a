import type { ServiceEntry } from './schema';

/** A store with a backend switch of its own. A service without `observe.surfaces` has one, without a name. */
export type Surface = {
  /** Null: the service's one backend. */
  name: string | null;
  /** What a person reads: its title, its name, or `backend`. */
  label: string;
  /** Dotted path of its mode in the answer of `observe.path`. */
  path: string;
  variable: string;
  /** The service's word → the system's backend mode word. */
  modes: Record<string, string>;
};

/** Mode of a profile whose surfaces disagree: neither the one backend nor the other. */
export const mixedMode = 'mixed';

export function surfacesOf({ observe, mode_variable: variable }: ServiceEntry): Surface[] {
  const named = Object.entries(observe.surfaces ?? {});
  if (!named.length)
    return [{ name: null, label: 'backend', path: observe.mode ?? '', variable: variable ?? '', modes: observe.modes }];
  return named.map(([name, one]) => ({
    name,
    label: one.title ?? name,
    path: one.mode,
    variable: one.variable,
    modes: one.modes,
  }));
}

/** The surfaces of these names, all without names. */
export const chosenSurfaces = (service: ServiceEntry, names?: readonly string[]): Surface[] =>
  surfacesOf(service).filter(({ name }) => !names || name === null || names.includes(name));

/** One mode where all agree, `mixed` where they do not, null (unknown) where one is unknown. */
export function wholeMode(modes: readonly (string | null)[]): string | null {
  if (!modes.length || modes.some((mode) => mode === null)) return null;
  return new Set(modes).size === 1 ? (modes[0] as string) : mixedMode;
}
