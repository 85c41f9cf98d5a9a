import type { ServiceEntry } from '@/lib/fleet/schema';
import { secretPairs } from '@/lib/fleet/secret-names';
import { surfacesOf } from '@/lib/fleet/surfaces';

/** Every variable name that the fleet file knows of a service, with the prefix it needs. */
export function knownNames(service: ServiceEntry): string[] {
  const { restart, freeze } = service;
  const secrets = secretPairs(restart.env_secrets).map(([variable]) => variable);
  const fixed = Object.keys(restart.env ?? {});
  const switched = surfacesOf(service).map(({ variable }) => variable);
  const held = freeze ? [freeze.start_held_variable] : [];
  return [...new Set([...service.env_allow, ...switched, ...held, ...secrets, ...fixed])];
}

/** Names that are set and would be read if they had the service's prefix, which they lack. */
export function unprefixedNames(
  service: ServiceEntry,
  values: Record<string, string>,
  more: readonly string[] = [],
): string[] {
  const prefix = service.env_prefix;
  if (!prefix) return [];
  const bare = [...knownNames(service), ...more].flatMap((name) =>
    name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
  );
  const all = new Set([...bare, ...more]);
  return Object.keys(values).filter((name) => all.has(name) && !name.startsWith(prefix) && !tooCommon.has(name));
}

/** Names that a process has for reasons of its own. */
const tooCommon = new Set(['HOST', 'PORT', 'HOME', 'PATH', 'USER', 'LANG']);
