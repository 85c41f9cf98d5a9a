import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Console, answers, readState } from './console.mjs';
import { dataHome } from './home.mjs';
import { takeLock } from './lock.mjs';
import { prepare } from './prepare.mjs';
import { isAlive, sleep } from './process-birth.mjs';
import { requireFleetFile } from './check-fleet-file.mjs';
import { requireDatabase } from './require-database.mjs';
import { requireNode, requirePostgres } from './requirements.mjs';
import { NeedsPerson, say, timed } from './say.mjs';
import { onStop } from './stopping.mjs';

const withoutPassword = (url) => url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@');

/** The console that already runs in this folder, or null; waits while another start is under way. */
async function alreadyRunning(home, holder) {
  for (let told = false; isAlive(holder); await sleep(300)) {
    const state = readState(home);
    if (state.pid === holder.pid && (await answers(state))) return state;
    if (!told) say(`Another start (process ${holder.pid}) is under way in ${home}; waiting for it.`);
    told = true;
  }
  return null;
}

async function holdHome(home) {
  for (;;) {
    const lock = takeLock(join(home, 'launcher.lock'));
    if (!lock.holder) {
      onStop(() => lock.release());
      return null;
    }
    const running = await alreadyRunning(home, lock.holder);
    if (running) return running;
  }
}

/** `demo`, `start` and `dev`: everything from a fresh checkout to a page that answers. */
export async function serve({ demo, dev = false, fleetArgument }) {
  requireNode();
  const { binDir, major } = await requirePostgres();
  const home = dataHome();
  const fleet = demo ? null : ownFleet(fleetArgument);
  const running = await holdHome(home);
  if (running) {
    say(`The console runs already: ${running.url}`);
    return { running: true };
  }
  const own = demo ? undefined : process.env.DATABASE_URL;
  if (own) await requireDatabase(own);
  say(`Cutover Console${demo ? ', demo fleet' : ''}. Data folder: ${home}. PostgreSQL ${major}: ${binDir}`);
  let checked = null;
  await prepare({
    pages: !dev,
    onBundles: async () => {
      checked = fleet && (await requireFleetFile({ home, fleet, databaseUrl: own }));
      if (checked && !checked.right) say(mistakeWords(checked));
    },
  });
  const console_ = new Console({
    home,
    demo,
    dev,
    fleet,
    binDir,
    databaseUrl: own,
    secrets: process.env.CUTOVER_SECRETS,
    port: portOf(),
    failpoints: process.env.CUTOVER_FAILPOINTS,
    systems: process.env.CUTOVER_DEMO_SYSTEMS?.split(','),
  });
  console_.onEvent = (text) => say(`${new Date().toISOString().slice(11, 19)} ${text}`);
  onStop(() => {
    say('\nStopping. Cutovers under way go on where they stand at the next start.');
    return timed('everything stopped', () => console_.stop());
  });
  await startAll(console_);
  say();
  say(`  Control plane: ${own ? withoutPassword(own) : `private cluster ${join(home, 'control')}`}`);
  if (demo && process.env.DATABASE_URL) say('  DATABASE_URL of this shell is not used by the demo.');
  if (console_.port !== console_.wantedPort)
    say(`  Port ${console_.wantedPort} is taken by another program; CUTOVER_PORT names another.`);
  if (checked) say(indented(checked.right ? checked.said : mistakeWords(checked)));
  await tellPeople(console_);
  say(`\n  ${console_.url}\n\n  Ctrl-C stops everything${demo ? ', the demo’s services included' : ''}.`);
  return { running: false, console: console_ };
}

async function startAll(console_) {
  await console_.enter();
  await timed('PostgreSQL', () => console_.openClusters());
  await timed('schema', async () => void (await console_.migrate()));
  if (console_.demo) {
    await timed('demo fleet', async () => void (await console_.prepareDemo(tellMade)));
    await timed('demo people', async () => {
      console_.people = await console_.cli(['demo-accounts']);
    });
  }
  await timed('web and worker', () => console_.run());
}

/** What the first start makes, as it is made; on a terminal the seconds in place are enough. */
function tellMade(line) {
  if (!process.stdout.isTTY && line.includes(' made')) say(`    ${line}`);
}

const mistakeWords = ({ said }) =>
  `The fleet file has a mistake. Until it is mended no page shows the fleet; cutovers under way go on.\n${said}`;

const indented = (text) => `  ${text.trim().split('\n').join('\n  ')}`;

async function tellPeople(console_) {
  if (console_.demo) {
    say(indented(console_.people));
    return;
  }
  const link = (
    await console_.cli(['setup-link']).catch((error) => (/setup_done/.test(error.message) ? '' : Promise.reject(error)))
  ).trim();
  if (link) say(`  First admin (once, within the hour):\n  ${link}`);
}

function portOf() {
  const text = process.env.CUTOVER_PORT;
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new NeedsPerson(`CUTOVER_PORT=${text} is no port number.`);
  return port;
}

function ownFleet(argument) {
  const named = argument ?? process.env.CUTOVER_FLEET;
  if (!named)
    throw new NeedsPerson(
      'Name your fleet file: npm start -- fleet.yaml (or CUTOVER_FLEET=…). To look around first: npm run demo.',
    );
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), named);
  if (!existsSync(path)) throw new NeedsPerson(`The fleet file ${path} does not exist.`);
  return path;
}
