import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

const onTerminal = (): boolean => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** Typed without echo; null when nobody sits at a terminal. */
export async function askHidden(question: string): Promise<string | null> {
  if (!onTerminal()) return null;
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const ask = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await ask.question('');
  } finally {
    ask.close();
    process.stderr.write('\n');
  }
}

/** Yes only when it was typed; null when nobody sits at a terminal. */
export async function askYes(question: string): Promise<boolean | null> {
  if (!onTerminal()) return null;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await ask.question(`${question} [y/N] `)).trim());
  } finally {
    ask.close();
  }
}
