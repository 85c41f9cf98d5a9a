import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseEnv } from '@/lib/services/env-file';
import { rememberDsn } from './remember-dsn';

let cached: { key: string; values: Record<string, string> } | null = null;

/** The named secrets of this machine, read again when the file has changed; every value is cut from all text from then on. */
export function readSecrets(file = process.env.CUTOVER_SECRETS): Record<string, string> {
  if (!file || !existsSync(file)) return {};
  const { mtimeMs, size, ino } = statSync(file);
  const key = `${file}:${mtimeMs}:${size}:${ino}`;
  if (cached?.key === key) return cached.values;
  const values = parseEnv(readFileSync(file, 'utf8'));
  for (const value of Object.values(values)) rememberDsn(value);
  cached = { key, values };
  return values;
}
