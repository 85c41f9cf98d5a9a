import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { servedProfiles } from './demo-profiles.mjs';
import { deriveSchema } from './sx_db/ddl.mjs';

/** Every `{{name}}` in every text of a value; an unknown name is an error, not an empty place. */
export function fillPattern(value, names) {
  if (typeof value === 'string') {
    return value.replace(/\{\{(\w+)\}\}/g, (_, name) => {
      if (names[name] === undefined) throw new Error(`fleet.template.yaml names {{${name}}}, which has no value.`);
      return String(names[name]);
    });
  }
  if (Array.isArray(value)) return value.map((v) => fillPattern(v, names));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fillPattern(v, names)]));
  return value;
}

/** Text of the fleet file: the template's one service and one profile, once per group and profile. */
export function renderFleet({ templateFile, groups, ports, home, repo, node }) {
  const template = parse(readFileSync(templateFile, 'utf8'));
  const [system] = template.systems;
  const base = { home, repo, node };
  const names = (group) => ({ ...base, service: group.service, file: group.file, port: ports[group.service] });
  const services = groups.map((group) => fillPattern(system.services[0], names(group)));
  const profiles = groups.flatMap((group) =>
    servedProfiles(group).map((profile) => ({
      ...fillPattern(system.profiles[0], {
        ...names(group),
        source_id: profile.id,
        title: profile.title,
        schema: deriveSchema('sx', profile.id),
      }),
      ...(profile.maxRowsPerSecond ? { max_rows_per_second: profile.maxRowsPerSecond } : {}),
    })),
  );
  const fleet = { ...fillPattern({ ...template, systems: [] }, base), systems: [{ ...system, services, profiles }] };
  return `# Made by e2e/fleet/prepare-demo.mjs from fleet.template.yaml; made again at each start of the demo.\n${stringify(fleet, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
