import type { ServiceEntry } from '@/lib/fleet/schema';
import { CutoverError } from '@/lib/errors';

function cliOf(service: ServiceEntry): NonNullable<ServiceEntry['cli']> {
  if (service.cli) return service.cli;
  throw new CutoverError({
    code: 'tool_missing',
    message: `Service ${service.name} names no commands in the fleet file.`,
    advice: 'Add cli (cwd, commands) to the service.',
  });
}

export const commandCwd = (service: ServiceEntry): string => cliOf(service).cwd;

/** The argv of a named command; `${name}` in an argument becomes a value, never more than that one argument. */
export function commandArgv(service: ServiceEntry, name: string, values: Record<string, unknown>): string[] {
  const { commands } = cliOf(service);
  const argv = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!argv) {
    throw new CutoverError({
      code: 'tool_missing',
      message: `Service ${service.name} has no command ${name} in the fleet file.`,
      advice: `Add it under cli.commands, or use one of: ${Object.keys(commands).join(', ')}.`,
    });
  }
  return argv.map((part) =>
    part.replace(/\$\{([a-z][a-z0-9_.]*)\}/g, (_, key: string) => {
      if (!Object.hasOwn(values, key)) {
        throw new CutoverError({
          code: 'input_invalid',
          message: `Command ${name} of service ${service.name} uses \${${key}}, which is not known here.`,
          advice: `Known: ${Object.keys(values).sort().join(', ')}.`,
        });
      }
      return String(values[key]);
    }),
  );
}
