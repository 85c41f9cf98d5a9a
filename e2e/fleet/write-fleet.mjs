import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** Every `{{name}}` in every text of a value; an unknown name is an error, not an empty place. */
export function fillPattern(value, names) {
  if (typeof value === 'string') {
    return value.replace(/\{\{(\w+)\}\}/g, (_, name) => {
      if (names[name] === undefined) throw new Error(`A fleet.fragment.yaml names {{${name}}}, which has no value.`);
      return String(names[name]);
    });
  }
  if (Array.isArray(value)) return value.map((v) => fillPattern(v, names));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fillPattern(v, names)]));
  return value;
}

/**
 * One system's entry of the fleet file: the service of its fragment once a service, the profile once a profile.
 * @param {{fragment: string, profiles: Record<string, any>[], ports: Record<string, number>, home: string, repo: string,
 *   node: string}} options fragment: path of the YAML file; a profile's names fill the pattern, `like` chooses another pattern of
 *   the list than the first, `more` is added as it is
 */
export function fillFragment({ fragment, profiles, ports, home, repo, node }) {
  const pattern = parse(readFileSync(fragment, 'utf8'));
  const namesOf = (profile) => ({ ...profile, home, repo, node, port: ports[profile.service] });
  const services = profiles.filter((one, at) => profiles.findIndex(({ service }) => service === one.service) === at);
  return {
    ...fillPattern({ ...pattern, services: [], profiles: [] }, { home, repo, node }),
    services: services.map((one) => fillPattern(pattern.services[one.like ?? 0] ?? pattern.services[0], namesOf(one))),
    profiles: profiles.map((one) => ({
      ...fillPattern(pattern.profiles[one.like ?? 0], namesOf(one)),
      ...one.more,
    })),
  };
}

/**
 * Text of the fleet file.
 * @param {{systems: {folder: string, profiles: object[]}[], ports: Record<string, number>, home: string, repo: string, node: string,
 *   environment?: string}} options folders beside this file
 */
export function renderFleet({ systems, ports, home, repo, node, environment = 'demo' }) {
  const filled = systems.map(({ folder, profiles }) =>
    fillFragment({
      fragment: join(import.meta.dirname, folder, 'fleet.fragment.yaml'),
      profiles,
      ports,
      home,
      repo,
      node,
    }),
  );
  const fleet = { environment, allowed_roots: [join(home, 'fleet')], systems: filled };
  return `# Made by e2e/fleet/prepare-demo.mjs from the fleet.fragment.yaml of each system; made again at each start of the demo.\n${stringify(fleet, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
