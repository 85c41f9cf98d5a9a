import { spawnSync } from 'node:child_process';

/** `npm run test:long -- random-schemas [seed]`: two hundred random schemas, from that seed on; npm test takes the first eight. */
const env = { ...process.env, CUTOVER_SCHEMAS: '200', CUTOVER_SEED: process.argv[2] ?? '1' };
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'lib/testing/vitest.config.ts'];
const { status } = spawnSync(process.execPath, [...vitest, 'lib/dataplane/random-schemas.test.ts'], {
  env,
  stdio: 'inherit',
});
process.exit(status ?? 1);
