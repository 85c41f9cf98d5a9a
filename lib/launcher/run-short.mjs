import { spawn } from 'node:child_process';
import { onStop } from './stopping.mjs';

/** Runs a command that takes seconds. @returns its standard output @throws with what it said on standard error */
export async function runShort({ argv, cwd, env }) {
  const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const forget = onStop(() => child.kill('SIGTERM'));
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (chunk) => (text[name] += chunk));
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, by) => resolve(by ?? status));
    });
    if (code !== 0) throw new Error((text.stderr || text.stdout || `${argv.join(' ')} ended with ${code}`).trim());
    return text.stdout;
  } finally {
    forget();
  }
}
