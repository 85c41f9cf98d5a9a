import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, identify } from './process-birth.mjs';
import { onStop } from './stopping.mjs';

const tail = (file, lines = 40) =>
  existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';

/** The command ran and ended badly; the end of its log stands in the message. */
export class StepFailed extends Error {}

/** Ends what an earlier launcher, killed without mercy, left working in the same folder. */
export async function endLeftover(recordFile) {
  if (!existsSync(recordFile)) return;
  try {
    await end(JSON.parse(readFileSync(recordFile, 'utf8')), { group: true, graceSeconds: 3 });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  rmSync(recordFile, { force: true });
}

/**
 * Runs a step that takes long (npm, a build) in a process group of its own, with its pid on record: Ctrl-C ends the whole
 * group, and the next start ends it if this process is killed. Output goes to a file, shown when the step fails.
 */
export async function runSlow({ name, argv, cwd, env, dir }) {
  mkdirSync(dir, { recursive: true });
  const recordFile = join(dir, `${name}.pid.json`);
  const logFile = join(dir, `${name}.log`);
  await endLeftover(recordFile);
  const out = openSync(logFile, 'w', 0o600);
  const [command, ...args] = argv;
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => resolve({ code, by }));
  });
  const record = child.pid ? identify(child.pid) : null;
  if (record) writeFileSync(recordFile, JSON.stringify(record), { mode: 0o600 });
  const forget = onStop(() => end(record, { group: true, graceSeconds: 3 }));
  try {
    const { code, by } = await ended;
    if (code !== 0)
      throw new StepFailed(
        `${argv.slice(0, 4).join(' ')} ended with ${by ?? code}. The end of ${logFile}:\n${tail(logFile)}`,
      );
  } finally {
    forget();
    rmSync(recordFile, { force: true });
  }
}
