import { spawn } from 'node:child_process';
import { NeedsPerson } from './say.mjs';
import { onStop } from './stopping.mjs';

/** Runs a command that takes seconds. `onLine` hears each line of its standard output at once. @returns its standard output @throws with what it said on standard error; NeedsPerson for
 *  exit code 2, by which our commands say that a person must do something first */
export async function runShort({ argv, cwd, env, onLine = () => {} }) {
  const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const forget = onStop(() => child.kill('SIGTERM'));
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (chunk) => (text[name] += chunk));
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, by) => resolve(by ?? status));
    });
    const said = (text.stderr || text.stdout || `${argv.join(' ')} ended with ${code}`).trim();
    if (code === 2) throw new NeedsPerson(said);
    if (code !== 0) throw new Error(said);
    return text.stdout;
  } finally {
    forget();
  }
}
