#!/usr/bin/env node
// The command line of a running or stopped console: its environment is the one the launcher wrote for web and worker.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readConsoleEnv } from '../launcher/console-env.mjs';
import { dataHome, root } from '../launcher/home.mjs';
import { builtFile } from '../launcher/prepare.mjs';

const home = dataHome();
const env = { ...readConsoleEnv(home), ...process.env, CUTOVER_HOME: home };
if (!existsSync(`${root}/.build/cli.mjs`)) {
  process.stderr.write('The command line is not built yet: run npm run build once.\n');
  process.exit(2);
}
const { status, signal } = spawnSync(process.execPath, [builtFile('cli'), ...process.argv.slice(2)], {
  cwd: root,
  env,
  stdio: 'inherit',
});
process.exit(signal ? 1 : (status ?? 1));
