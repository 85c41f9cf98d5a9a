import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './home.mjs';
import { buildBundles, buildPages, installPackages, toolEnv, withSetupLock } from './prepare.mjs';
import { end, identify } from './process-birth.mjs';
import { requireChromium, requireNode, requirePostgres } from './requirements.mjs';
import { say } from './say.mjs';
import { onStop } from './stopping.mjs';
import { countPlaywright, countVitest, lastLine } from './test-counts.mjs';

const bin = (...parts) => join(root, 'node_modules', ...parts);
const dir = join(root, '.build', 'test');

/** Runs a tool with its output on this terminal, in a group of its own so that Ctrl-C here ends all of it. */
async function show(argv, env) {
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const record = child.pid ? identify(child.pid) : null;
  const forget = onStop(() => end(record, { group: true, graceSeconds: 15 }));
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, by) => resolve(by ? 128 : code));
    });
  } finally {
    forget();
  }
}

const fresh = (name) => {
  const file = join(dir, name);
  rmSync(file, { force: true });
  return file;
};
const readFile = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
/** The last report of a tool, null when there is none. @param name vitest.json | playwright.json */
export const readReport = (name) => readFile(join(dir, name));

async function setUp(found) {
  requireNode();
  Object.assign(found, await requirePostgres());
  found.chromium = await requireChromium();
  await withSetupLock(installPackages);
  return { passed: 1, failed: 0 };
}

async function staticAndBuild(env) {
  await withSetupLock(async () => {
    await buildBundles();
    await buildPages();
  });
  const code = await show([join(root, 'lib/testing/verify.mjs')], env);
  // Its exit code is the number of its three parts that failed; above that it did not get to its end.
  const failed = Math.min(code, 3);
  return { passed: 1 + 3 - failed, failed };
}

async function unit(env, filters) {
  const file = fresh('vitest.json');
  const code = await show(
    [
      bin('vitest', 'vitest.mjs'),
      'run',
      '--config',
      'lib/testing/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...filters,
    ],
    env,
  );
  return countVitest(readFile(file), code);
}

async function browser(env, config, filters) {
  const file = fresh('playwright.json');
  const code = await show(
    [
      bin('@playwright', 'test', 'cli.js'),
      'test',
      '-c',
      config,
      '--pass-with-no-tests',
      ...(filters.length ? ['--no-deps'] : []),
      ...filters,
    ],
    {
      ...env,
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    },
  );
  return countPlaywright(readFile(file), code);
}

/** One part of the checks: its time, and loudly when it is over budget. Time alone never fails it. */
async function part(name, budgetSeconds, work) {
  say(`\n== ${name}`);
  const started = Date.now();
  let counts;
  try {
    counts = await work();
  } catch (error) {
    process.stderr.write(`${error.stack ?? error}\n`);
    counts = { passed: 0, failed: 1 };
    if (error.constructor.name === 'NeedsPerson') throw error;
  }
  return { name, budgetSeconds, seconds: (Date.now() - started) / 1000, ...counts };
}

function tell(parts) {
  say('\n== time');
  for (const { name, seconds, budgetSeconds, passed, failed } of parts) {
    const over = seconds > budgetSeconds ? `   !!! OVER BUDGET by ${Math.round(seconds - budgetSeconds)} s !!!` : '';
    say(
      `  ${name.padEnd(22)} ${seconds.toFixed(0).padStart(5)} s of ${String(budgetSeconds).padStart(3)} s   ${passed} passed, ${failed} failed${over}`,
    );
  }
  say(`\n${lastLine(parts)}`);
  return parts.some(({ failed }) => failed > 0) ? 1 : 0;
}

const testEnv = (found) =>
  toolEnv({ PG_BIN_DIR: found.binDir, CHROMIUM_PATH: found.chromium, CI: process.env.CI ?? '1' });

/** Everything. @param args names of parts (unit, browser) and file filters for them; without any, all of it */
export async function test(args) {
  mkdirSync(dir, { recursive: true });
  const only = args.filter((word) => word === 'unit' || word === 'browser');
  const filters = args.filter((word) => !only.includes(word));
  const found = {};
  const parts = [await part('set-up', 240, () => setUp(found))];
  if (parts[0].failed > 0) return tell(parts);
  const env = testEnv(found);
  parts.push(await part('static and build', 120, () => staticAndBuild(env)));
  if (only.length === 0 || only.includes('unit'))
    parts.push(await part('unit and integration', 300, () => unit(env, filters)));
  if (only.length === 0 || only.includes('browser'))
    parts.push(await part('browser', 240, () => browser(env, 'e2e/playwright.config.ts', filters)));
  return tell(parts);
}

/** Set-up and build, then the parts that `work` asks for. */
export async function inParts(more, work) {
  mkdirSync(dir, { recursive: true });
  const found = {};
  const parts = [await part('set-up', 240, () => setUp(found))];
  if (parts[0].failed === 0) {
    const env = { ...testEnv(found), ...more };
    const added = async (...one) => void parts.push(await part(...one));
    await added('static and build', 120, () => staticAndBuild(env));
    await work({ part: added, unit, browser, env });
  }
  return tell(parts);
}

/** One kind of browser work alone, on a console built for it. */
const browserAlone = (name, budgetSeconds, more, args) =>
  inParts(more, ({ part: add, env }) => add(name, budgetSeconds, () => browser(env, 'e2e/playwright.config.ts', args)));

/** Pictures of every page in every state. */
export const shots = (args) => browserAlone('shots', 600, { CUTOVER_SHOTS: '1' }, args);

const systemWalks = ['fabio', 'orcheo', 'oris', 'humanonly'].map((name) => `long/${name}`);

/** Walks with a kill at every place, there and back, and of each system on the page; or those that are named. */
export const walks = (args) =>
  browserAlone('walks', 2_400, { CUTOVER_LONG: '1' }, args.length > 0 ? args : ['killed-anywhere', ...systemWalks]);
