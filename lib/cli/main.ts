import { CutoverError, toFacts } from '@/lib/errors';
import { commands } from './commands';
import { exitCodes, type Output } from './command';

/** `cutover <command> …`: the same verbs and engine as the console. Exit codes: see `exitCodes`. */
async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = name ? commands[name] : undefined;
  if (!command) {
    process.stdout.write(usage());
    return name && name !== 'help' && name !== '--help' ? exitCodes.usage : exitCodes.done;
  }
  if (rest.includes('--help')) {
    process.stdout.write(`${name}: ${command.summary}\n`);
    return exitCodes.done;
  }
  const json = rest.includes('--json');
  const output: Output = {
    json,
    line: (text) => process.stdout.write(json ? '' : `${text}\n`),
    result: (value) => process.stdout.write(json ? `${JSON.stringify(value)}\n` : ''),
  };
  try {
    return await command.run(
      rest.filter((word) => word !== '--json'),
      output,
    );
  } catch (error) {
    const facts = toFacts(error);
    if (json) process.stdout.write(`${JSON.stringify({ error: facts })}\n`);
    else process.stderr.write(`${facts.message} ${facts.advice} [${facts.code}]\n`);
    return error instanceof CutoverError && facts.code === 'input_invalid' ? exitCodes.usage : exitCodes.refused;
  }
}

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  const codes = Object.entries(exitCodes).map(([word, code]) => `${code} ${word}`);
  return ['cutover <command> [options] [--json]', '', ...lines, '', `exit codes: ${codes.join(', ')}`, ''].join('\n');
}

// `cutover status | head` closes the pipe early; that is no failure.
process.stdout.on('error', () => process.exit(exitCodes.done));
process.exitCode = await main(process.argv.slice(2));
// Pools and timers of a finished command must not hold the process.
process.exit();
