/**
 * Systems of the demo, in the order of the fleet page. A system's folder holds `prepare.mjs` (profileIds, prepare), `user.mjs`
 * (runUser) and `fleet.fragment.yaml`; its line stands here once lib/runbooks has the runbooks that its fragment names.
 */
export const SYSTEMS = [
  { name: 'sx', folder: 'sx_db' },
  { name: 'fabio', folder: 'fabio' },
  { name: 'orcheo', folder: 'orcheo' },
  { name: 'oris', folder: 'oris' },
  { name: 'humanonly', folder: 'humanonly' },
];

/** @throws Error for a name that is no system of the demo */
export function chooseSystems(names) {
  const unknown = (names ?? []).filter((name) => !SYSTEMS.some((system) => system.name === name));
  if (unknown.length > 0)
    throw new Error(
      `--systems names unknown systems: ${unknown.join(', ')}. Known: ${SYSTEMS.map(({ name }) => name).join(', ')}.`,
    );
  return names ? SYSTEMS.filter(({ name }) => names.includes(name)) : SYSTEMS;
}

export const loadPrepare = ({ folder }) => import(`./${folder}/prepare.mjs`);
export const loadUser = ({ folder }) => import(`./${folder}/user.mjs`);
