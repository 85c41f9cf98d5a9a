import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, context } from 'esbuild';
import { root } from './home.mjs';

const entries = {
  worker: 'lib/worker/main.ts',
  'step-child': 'lib/worker/step-child.ts',
  cli: 'lib/cli/main.ts',
  migrate: 'db/migrate-main.ts',
};

const options = () => ({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
  outdir: '.build',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  tsconfig: 'tsconfig.json',
  sourcemap: 'linked',
  logLevel: 'warning',
});

export const bundle = () => build(options());

/** Bundles again at every edit. @param onBuilt called after each good build */
export async function watchBundles(onBuilt) {
  const told = { name: 'told', setup: (on) => on.onEnd((result) => result.errors.length === 0 && onBuilt()) };
  const watching = await context({ ...options(), plugins: [told] });
  await watching.watch();
  return () => watching.dispose();
}

if (process.argv[1] === import.meta.filename) await bundle();
