import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CutoverError } from '@/lib/errors';

/** Documented in every --help. 3 and 4 are answers, not failures: a script may branch on them. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  findings: 3,
  differs: 4,
  failed: 5,
  interrupted: 130,
} as const;
export const exitMeanings: Record<keyof typeof exitCodes, string> = {
  done: 'done, no finding, or equal',
  refused: 'refused, nothing was changed',
  usage: 'wrong use of the command',
  findings: 'findings wait for a rule, nothing was changed',
  differs: 'source and target differ',
  failed: 'stopped half-way: a check or a step failed; status says where it stands',
  interrupted: 'ended by Ctrl-C; the same command goes on',
};

export type Output = { json: boolean; line(text: string): void; result(value: unknown): void };
export type Command = {
  summary: string;
  /** What --help prints after the summary: usage, options, examples. */
  help?: string;
  run(argv: string[], output: Output): Promise<number>;
};

/** Options of one command. @throws CutoverError input_invalid with the usage line */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  argv: string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CutoverError(
      {
        code: 'input_invalid',
        message: `${((error as Error).message.split('\n')[0] ?? '').replace(/\.$/, '')}.`,
        advice: `Usage: ${usage}`,
      },
      { cause: error },
    );
  }
}

/** The typed id that a dangerous act asks for: `--type ID`, or asked for on a terminal. @throws CutoverError typed_id_differs */
export async function confirmTyped(given: string | undefined, expected: string, act: string): Promise<void> {
  let typed = given;
  if (typed === undefined && process.stdin.isTTY) {
    const { createInterface } = await import('node:readline/promises');
    const ask = createInterface({ input: process.stdin, output: process.stderr });
    typed = await ask.question(`Type ${expected} to ${act}: `);
    ask.close();
  }
  if (typed !== expected)
    throw new CutoverError({
      code: 'typed_id_differs',
      message: `The typed id is not ${expected}.`,
      advice: `Nothing was done. Add --type ${expected} to ${act}.`,
    });
}
