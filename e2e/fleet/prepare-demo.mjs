/**
 * Makes the demo fleet under a data folder:
 * `TARGET_ADMIN_DSN=… node prepare-demo.mjs --home DIR [--small] [--systems sx,fabio] [--only assets_1,fabio/matriz] [--database NAME]`.
 * Safe to repeat and to interrupt; a second run changes nothing and takes about a second.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { makeOwnFiles } from './own-files.mjs';
import { keepPorts, makeFolders, readSecrets, writeSecrets, writeWhole } from './prepare-files.mjs';
import { chooseSystems, loadPrepare } from './systems.mjs';
import { renderFleet } from './write-fleet.mjs';

const REPO = resolve(import.meta.dirname, '../..');

/** The systems to make, each with the ids that were asked for (null: all). `only` names ids, or `system/id`. */
async function chooseProfiles(systems, only) {
  const loaded = await Promise.all(
    chooseSystems(systems).map(async (system) => ({ ...system, ...(await loadPrepare(system)) })),
  );
  if (!only) return loaded.map((system) => ({ ...system, only: null }));
  const known = loaded.flatMap(({ name, profileIds }) => profileIds.flatMap((id) => [id, `${name}/${id}`]));
  const unknown = only.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new Error(
      `--only names unknown profiles: ${unknown.join(', ')}. Known: ${known.filter((id) => !id.includes('/')).join(', ')}.`,
    );
  return loaded
    .map((system) => ({
      ...system,
      only: system.profileIds.filter((id) => only.includes(id) || only.includes(`${system.name}/${id}`)),
    }))
    .filter((system) => system.only.length > 0);
}

/**
 * A system's `prepare` makes its databases, data and env files under `home`, leaves what exists as it is, and answers
 * `{secrets, profiles}`: the secrets by name, and the names that fill its fragment, one set a profile (`id`, `service`, …); with
 * `only`, those and whoever is behind the same process, since they switch together.
 * @param {{home: string, adminDsn: string, small?: boolean, systems?: string[] | null, only?: string[] | null,
 *   database?: string | null, node?: string, report?: (text: string) => void}} options adminDsn: a superuser of the target
 *   server; database: sx's own, and what those of the others begin with (default: a name a system)
 * @returns paths of what was made; secrets are only in `secretsFile`.
 */
export async function prepareDemo({
  home,
  adminDsn,
  small = false,
  systems = null,
  only = null,
  database = null,
  node = process.execPath,
  report = () => {},
}) {
  const root = resolve(home);
  const chosen = await chooseProfiles(systems, only);
  const folders = makeFolders(root);
  makeOwnFiles(folders.own);
  const secretsFile = join(root, 'secrets.env');
  const made = [];
  for (const system of chosen) {
    const known = readSecrets(secretsFile);
    const own = database && (system.name === 'sx' ? database : `${database}_${system.name}`);
    const options = { home: root, adminDsn, known, small, only: system.only, report };
    const { secrets, profiles } = await system.prepare({ ...options, ...(own ? { database: own } : {}) });
    // At once: a password that is lost with an interruption would be made anew.
    writeSecrets(secretsFile, { ...known, ...secrets });
    made.push({ folder: system.folder, profiles });
  }
  const services = made.flatMap(({ profiles }) => profiles.map(({ service }) => service));
  const ports = await keepPorts(join(folders.fleet, 'ports.json'), [...new Set(services)]);
  const fleetFile = join(folders.fleet, 'fleet.yaml');
  const text = renderFleet({ systems: made, ports, home: root, repo: REPO, node });
  if (writeWhole(fleetFile, text, 0o644)) report(`${fleetFile} written`);
  return { fleetFile, secretsFile, ports };
}

async function main() {
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      small: { type: 'boolean', default: false },
      systems: { type: 'string' },
      only: { type: 'string' },
      database: { type: 'string' },
    },
  });
  const adminDsn = process.env.TARGET_ADMIN_DSN;
  if (!values.home || !adminDsn)
    throw new Error('--home DIR and TARGET_ADMIN_DSN (a superuser of the target server) are required.');
  const made = await prepareDemo({
    home: values.home,
    adminDsn,
    small: values.small,
    systems: values.systems?.split(','),
    only: values.only?.split(','),
    database: values.database,
    report: (text) => process.stdout.write(`${text}\n`),
  });
  process.stdout.write(`demo fleet ready: ${made.fleetFile}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error) => {
    process.stderr.write(`prepare-demo: ${error.message || error.code}\n`);
    process.exit(1);
  });
}
