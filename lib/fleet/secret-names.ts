import type { ProfileEntry, ServiceEntry } from './schema';

type EnvSecrets = ServiceEntry['restart']['env_secrets'];

/** Variable of the service and name of the secret that it gets; in a list the two are one. */
export function secretPairs(listed: EnvSecrets | undefined): [variable: string, secret: string][] {
  if (!listed) return [];
  return Array.isArray(listed) ? listed.map((name) => [name, name]) : Object.entries(listed);
}

/** The same with the values. */
export const secretValues = (
  listed: EnvSecrets | undefined,
  secret: (name: string) => string,
): Record<string, string> =>
  Object.fromEntries(secretPairs(listed).map(([variable, name]) => [variable, secret(name)]));

/** Names of every secret that a service refers to. */
export function secretsOfService({ restart, shadow, cli, freeze }: ServiceEntry): string[] {
  const commands = Object.values(cli?.commands ?? {}).flatMap((one) => (Array.isArray(one) ? [] : [one.env_secrets]));
  const listed = [restart.env_secrets, shadow?.env_secrets, cli?.env_secrets, ...commands];
  const names = listed.flatMap((one) => secretPairs(one).map(([, secret]) => secret));
  return [...new Set([...names, ...(freeze?.token_secret ? [freeze.token_secret] : [])])];
}

/** Names of every secret that a profile refers to. */
export function secretsOfProfile({ target, headers }: ProfileEntry): string[] {
  const inHeaders = Object.values(headers).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]));
  return [...new Set([target.dsn_env, ...(target.admin_dsn_env ? [target.admin_dsn_env] : []), ...inHeaders])];
}

/** The headers of a profile's requests, with the secrets in them: for the wire only, never for evidence. */
export function headersOfProfile(
  { headers }: Pick<ProfileEntry, 'headers'>,
  secret: (name: string) => string,
): Record<string, string> {
  const textOf = (value: ProfileEntry['headers'][string]): string =>
    typeof value === 'string' ? value : `${value.prefix ?? ''}${secret(value.secret)}`;
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, textOf(value)]));
}
