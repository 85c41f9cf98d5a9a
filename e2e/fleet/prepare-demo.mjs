/**
 * Makes the demo fleet under a data folder: `TARGET_ADMIN_DSN=… node prepare-demo.mjs --home DIR [--small] [--only a,b] [--database sx]`.
 * Safe to repeat and to interrupt; a second run changes nothing and takes about a second.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { prepareDatabase, withClient } from './parts/prepare-database.mjs';
import { globalStatements } from './sx_db/ddl.mjs';
import { demoGroups, servedProfiles } from './demo-profiles.mjs';
import {
  keepPorts,
  makeDataFiles,
  makeEnvFiles,
  makeFolders,
  newToken,
  readSecrets,
  writeSecrets,
  writeWhole,
} from './prepare-files.mjs';
import { renderFleet } from './write-fleet.mjs';

const REPO = resolve(import.meta.dirname, '../..');

function chooseGroups(small, only) {
  const groups = demoGroups({ small });
  if (!only) return groups;
  const known = new Set(groups.flatMap((g) => servedProfiles(g).map((p) => p.id)));
  const unknown = only.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw new Error(`--only names unknown profiles: ${unknown.join(', ')}. Known: ${[...known].join(', ')}.`);
  return groups.filter((g) => servedProfiles(g).some((p) => only.includes(p.id)));
}

/**
 * @param {{home: string, adminDsn: string, small?: boolean, only?: string[] | null, database?: string, node?: string,
 *   report?: (text: string) => void}} options adminDsn: a superuser of the target server
 * @returns paths of what was made; secrets are only in `secretsFile`.
 */
export async function prepareDemo({
  home,
  adminDsn,
  small = false,
  only = null,
  database = 'sx',
  node = process.execPath,
  report = () => {},
}) {
  const root = resolve(home);
  const groups = chooseGroups(small, only);
  const folders = makeFolders(root);
  const secretsFile = join(root, 'secrets.env');
  const known = readSecrets(secretsFile);
  const names = ['SX_POSTGRES_DSN', 'SX_POSTGRES_ADMIN_DSN'];
  const dsns = await prepareDatabase({ adminDsn, database, known, names });
  await withClient(dsns.SX_POSTGRES_DSN, async (client) => {
    for (const sql of globalStatements('sx_source_registry')) await client.query(sql);
  });
  writeSecrets(secretsFile, { ...known, ...dsns, SX_ADMIN_TOKEN: known.SX_ADMIN_TOKEN ?? newToken() });
  const ports = await keepPorts(
    join(folders.fleet, 'ports.json'),
    groups.map((g) => g.service),
  );
  makeDataFiles(folders.data, groups, report);
  makeEnvFiles(folders.env, folders.data, groups);
  const fleetFile = join(folders.fleet, 'fleet.yaml');
  const text = renderFleet({
    templateFile: join(import.meta.dirname, 'fleet.template.yaml'),
    groups,
    ports,
    home: root,
    repo: REPO,
    node,
  });
  if (writeWhole(fleetFile, text, 0o644)) report(`${fleetFile} written`);
  return { fleetFile, secretsFile, ports };
}

async function main() {
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      small: { type: 'boolean', default: false },
      only: { type: 'string' },
      database: { type: 'string', default: 'sx' },
    },
  });
  const adminDsn = process.env.TARGET_ADMIN_DSN;
  if (!values.home || !adminDsn)
    throw new Error('--home DIR and TARGET_ADMIN_DSN (a superuser of the target server) are required.');
  const made = await prepareDemo({
    home: values.home,
    adminDsn,
    small: values.small,
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
