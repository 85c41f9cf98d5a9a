#!/usr/bin/env node
// The command line of a running or stopped console: its environment is the one the launcher wrote for web and worker.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { readConsoleEnv } from '../launcher/console-env.mjs';
import { dataHome, root } from '../launcher/home.mjs';
import { builtFile } from '../launcher/prepare.mjs';

const home = dataHome();
// npm starts scripts in the repository's folder; a path in argv is meant from where the person stands.
const cwd = (process.env.npm_lifecycle_event === 'cutover' && process.env.INIT_CWD) || process.cwd();
const env = { ...readConsoleEnv(home), ...process.env, CUTOVER_HOME: home, CUTOVER_CWD: cwd };
if (!existsSync(`${root}/.build/cli.mjs`)) {
  process.stderr.write('The command line is not built yet: run npm run build once.\n');
  process.exit(2);
}
const child = spawn(process.execPath, [builtFile('cli'), ...process.argv.slice(2)], {
  cwd: root,
  env,
  stdio: 'inherit',
});
// A terminal sends Ctrl-C to both; the command itself ends in order, says how to go on, and this one follows it.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
child.on('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)));
