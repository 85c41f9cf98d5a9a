import { readFileSync } from 'node:fs';
import { CutoverError } from '@/lib/errors';
import { parseEnv } from '@/lib/services/env-file';
import { rememberSecret } from '@/lib/shared/redact';

/** Named secrets of this host: the process's environment first, then the file that CUTOVER_SECRETS names.
 *  @throws CutoverError dsn_missing */
export function hostSecrets(): (name: string) => string {
  const file = process.env.CUTOVER_SECRETS;
  const kept = file ? parseEnv(readFileSync(file, 'utf8')) : {};
  return (name) => {
    const value = process.env[name] ?? kept[name];
    if (!value)
      throw new CutoverError({
        code: 'dsn_missing',
        message: `${name} has no value on this host.`,
        advice: `Export ${name}, or add it to the file that CUTOVER_SECRETS names${file ? ` (${file})` : ''}.`,
      });
    rememberSecret(value);
    return value;
  };
}
