import { CutoverError, toFacts } from '@/lib/errors';
import { visibleText } from '@/lib/shared/visible-text';
import { adviceFor } from './advice-for-to';
import { commands } from './commands';
import { exitCodes, exitMeanings, type Output } from './command';

/** What is wrong in the words of the command itself; all else is an answer of file or target. */
const wrongUse = ['input_invalid', 'dsn_invalid', 'rule_unknown'];

/** `cutover <command> …`: the same verbs and engine as the console. Exit codes: see `exitCodes`. */
async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = name ? commands[name] : undefined;
  if (!command) {
    process.stdout.write(usage());
    return name && name !== 'help' && name !== '--help' ? exitCodes.usage : exitCodes.done;
  }
  if (rest.includes('--help')) {
    process.stdout.write(
      `cutover ${name}: ${command.summary}\n${command.help ? `\n${command.help}\n` : ''}\n${codesText()}\n`,
    );
    return exitCodes.done;
  }
  const json = rest.includes('--json');
  const output: Output = {
    json,
    line: (text) => process.stdout.write(json ? '' : `${visibleText(text)}\n`),
    result: (value) => process.stdout.write(json ? `${JSON.stringify(value)}\n` : ''),
  };
  try {
    return await command.run(
      rest.filter((word) => word !== '--json'),
      output,
    );
  } catch (error) {
    const told = toFacts(error);
    const facts = { ...told, advice: adviceFor(told, rest) };
    if (json) process.stdout.write(`${JSON.stringify({ error: facts })}\n`);
    else process.stderr.write(`${visibleText(facts.message)} [${facts.code}]\n${visibleText(facts.advice)}\n`);
    return error instanceof CutoverError && wrongUse.includes(facts.code) ? exitCodes.usage : exitCodes.refused;
  }
}

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'cutover <command> [options] [--json]',
    '',
    ...lines,
    '',
    'cutover <command> --help explains one of them. --json prints one JSON document instead of lines.',
    '',
    codesText(),
    '',
  ].join('\n');
}

function codesText(): string {
  const words = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  return [
    'Exit codes:',
    ...words.map((word) => `  ${String(exitCodes[word]).padStart(3)}  ${exitMeanings[word]}`),
  ].join('\n');
}

// `cutover status | head` closes the pipe early; that is no failure.
process.stdout.on('error', () => process.exit(exitCodes.done));
process.exitCode = await main(process.argv.slice(2));
// Pools and timers of a finished command must not hold the process.
process.exit();
