/**
 * Demo users: `node demo-users.mjs --home DIR [--rate N] [--only a,b]` keeps reading and writing through the services of
 * DIR/fleet/fleet.yaml, in each profile's name, until SIGTERM. Counters and acknowledged writes lie in DIR/users.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { loadUser, SYSTEMS } from './systems.mjs';
import { readSecrets } from './prepare-files.mjs';
import { openUserRecord } from './user-record.mjs';

const SAVE_EVERY_MS = 1_000;

const headersOf = ({ headers = {} }, secrets) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : `${value.prefix ?? ''}${secrets[value.secret] ?? ''}`,
    ]),
  );

function readProfiles(home, only) {
  const secrets = readSecrets(join(home, 'secrets.env'));
  const fleet = parse(readFileSync(join(home, 'fleet', 'fleet.yaml'), 'utf8'));
  return fleet.systems.flatMap((system) =>
    system.profiles
      .filter(({ source_id: id }) => !only || only.includes(id) || only.includes(`${system.name}/${id}`))
      .map((profile) => ({
        system: system.name,
        sourceId: profile.source_id,
        headers: headersOf(profile, secrets),
        url: system.services.find((service) => service.name === profile.service).instances[0],
      })),
  );
}

async function main() {
  const { values } = parseArgs({
    options: { home: { type: 'string' }, rate: { type: 'string', default: '3' }, only: { type: 'string' } },
  });
  const perSecond = Number(values.rate);
  if (!values.home || !(perSecond > 0 && perSecond <= 50)) {
    process.stderr.write(
      'usage: demo-users.mjs --home DIR [--rate 0.1–50 requests a second and profile] [--only a,b]\n',
    );
    process.exit(2);
  }
  const folder = join(values.home, 'users');
  mkdirSync(folder, { recursive: true });
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => ending.abort());
  // Started by a launcher over IPC: without it there is nobody left to stop these users.
  if (process.connected) process.on('disconnect', () => ending.abort());
  const profiles = readProfiles(values.home, values.only?.split(','));
  const walks = await Promise.all(
    profiles.map(async (profile) => {
      const { runUser } = await loadUser(SYSTEMS.find(({ name }) => name === profile.system));
      const record = openUserRecord(folder, `${profile.system}-${profile.sourceId}`);
      return { record, done: runUser({ profile, record, perSecond, signal: ending.signal }) };
    }),
  );
  const saveAll = () => {
    for (const { record } of walks) record.save();
  };
  const timer = setInterval(saveAll, SAVE_EVERY_MS);
  await Promise.all(walks.map(({ done }) => done));
  clearInterval(timer);
  saveAll();
  process.exit(0);
}

main().catch((error) => {
  process.stderr.write(`demo-users: ${error.message}\n`);
  process.exit(1);
});
