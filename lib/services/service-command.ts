import type { ServiceEntry } from '@/lib/fleet/schema';
import { secretValues } from '@/lib/fleet/secret-names';
import { CutoverError } from '@/lib/errors';
import { type SecretOf, serviceEnv } from './managed-process';

function cliOf(service: ServiceEntry): NonNullable<ServiceEntry['cli']> {
  if (service.cli) return service.cli;
  throw new CutoverError({
    code: 'tool_missing',
    message: `Service ${service.name} names no commands in the fleet file.`,
    advice: 'Add cli (cwd, commands) to the service.',
  });
}

export const commandCwd = (service: ServiceEntry): string => cliOf(service).cwd;

function commandOf(service: ServiceEntry, name: string) {
  const { commands } = cliOf(service);
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found) return Array.isArray(found) ? { argv: found, env: {}, env_secrets: [] } : found;
  throw new CutoverError({
    code: 'tool_missing',
    message: `Service ${service.name} has no command ${name} in the fleet file.`,
    advice: `Add it under cli.commands, or use one of: ${Object.keys(commands).join(', ')}.`,
  });
}

/** The environment of a named command: the service's own, then the list of cli, then the command's. */
export function commandEnv(service: ServiceEntry, name: string, secret: SecretOf): Record<string, string> {
  const { env, env_secrets } = commandOf(service, name);
  return {
    ...serviceEnv(service, secret),
    ...secretValues(cliOf(service).env_secrets, secret),
    ...env,
    ...secretValues(env_secrets, secret),
  };
}

/** The argv of a named command; `${name}` in an argument becomes a value, never more than that one argument. */
export function commandArgv(service: ServiceEntry, name: string, values: Record<string, unknown>): string[] {
  return commandOf(service, name).argv.map((part) =>
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
