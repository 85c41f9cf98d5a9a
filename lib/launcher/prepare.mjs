import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './home.mjs';
import { waitForLock } from './lock.mjs';
import { findNodeHeaders } from './node-headers.mjs';
import { NeedsPerson, say, timed } from './say.mjs';
import { runSlow, StepFailed } from './slow-step.mjs';
import { digestOf, unlessFresh } from './stamp.mjs';
import { onStop } from './stopping.mjs';

const dir = join(root, '.build');
const notTest = (file) => !/\.test\.(ts|tsx|mjs)$/.test(file);
const sources = [
  'app',
  'components',
  'db',
  'lib',
  'public',
  'next.config.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const digestOfSources = () => digestOf(root, sources, { keep: notTest });

/** Tools get the machine's environment without what names a database. */
export function toolEnv(extra = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== 'DATABASE_URL' && !name.startsWith('PG') && name !== 'NODE_ENV',
  );
  return { ...Object.fromEntries(kept), NEXT_TELEMETRY_DISABLED: '1', ...extra };
}

/** One launcher at a time works on node_modules, .next and .build, whatever data folder each has. */
export async function withSetupLock(work) {
  mkdirSync(dir, { recursive: true });
  const lock = await waitForLock(join(dir, 'setup.lock'), ({ pid }) =>
    say(`  waiting for the set-up that process ${pid} is at`),
  );
  const forget = onStop(() => lock.release());
  try {
    return await work();
  } finally {
    forget();
    lock.release();
  }
}

const nodeHeaders = () => {
  const prefix = findNodeHeaders();
  return prefix ? { npm_config_nodedir: prefix } : {};
};

/** What a person can do where the packages did not come; the log's end stands above it. */
const howToPackages = (error) =>
  new NeedsPerson(
    `${error.message}\n\nThe packages could not be installed. Most often the registry cannot be reached (npm ping, proxy settings), or better-sqlite3 found neither its ready-made binary nor what compiles it: a C++ compiler, make, Python 3 and Node's headers. Mend that and run the same command again.`,
  );

export const installPackages = () =>
  timed('packages (npm ci)', () =>
    unlessFresh(
      {
        stampFile: join(root, 'node_modules', '.cutover-stamp'),
        digest: digestOf(root, ['package-lock.json', '.npmrc']),
        proof: join(root, 'node_modules', 'next', 'package.json'),
      },
      () =>
        runSlow({
          name: 'npm-ci',
          dir,
          cwd: root,
          env: toolEnv(nodeHeaders()),
          argv: ['npm', 'ci', '--no-audit', '--no-fund', '--include=dev'],
        }).catch((error) => {
          throw error instanceof StepFailed ? howToPackages(error) : error;
        }),
    ),
  );

export const buildBundles = () =>
  timed('bundles (esbuild)', () =>
    unlessFresh(
      { stampFile: join(dir, 'bundles.stamp'), digest: digestOfSources(), proof: join(dir, 'migrate.mjs') },
      () =>
        runSlow({
          name: 'bundle',
          dir,
          cwd: root,
          env: toolEnv(),
          argv: [process.execPath, join(import.meta.dirname, 'bundle.mjs')],
        }),
    ),
  );

export const buildPages = () =>
  timed('pages (next build)', () =>
    unlessFresh(
      {
        stampFile: join(root, '.next', 'cutover.stamp'),
        digest: digestOfSources(),
        proof: join(root, '.next', 'BUILD_ID'),
      },
      () =>
        runSlow({
          name: 'next-build',
          dir,
          cwd: root,
          env: toolEnv({ NODE_ENV: 'production' }),
          argv: [process.execPath, join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'],
        }),
    ),
  );

/** Optional: where no C compiler is, rows are encoded in TypeScript, and the system check says so. */
export const buildAccelerator = () =>
  timed('accelerator (cc)', async () => {
    const reason = await (await import('../dataplane/native/build.mjs')).buildAccelerator();
    return reason ? `not built: ${reason}` : '';
  });

/** Everything before the first process of the console can start.
 *  @param options.onBundles called as soon as the command line can be asked, before what takes minutes */
export const prepare = ({ pages = true, onBundles = async () => {} } = {}) =>
  withSetupLock(async () => {
    await installPackages();
    await buildBundles();
    await onBundles();
    await buildAccelerator();
    if (pages) await buildPages();
  });

export const builtFile = (name) => {
  const file = join(dir, `${name}.mjs`);
  if (!existsSync(file)) throw new Error(`${file} was not built.`);
  return file;
};
