import { dirname, join } from 'node:path';
import {
  type ChosenRules,
  exportFiles,
  importFiles,
  type ExportInput,
  type NamedSource,
  sourceScope,
  targetPlace,
  validateFiles,
} from '@/lib/dataplane';
import { digestFile } from '@/lib/sources/sqlite-snapshot';

export const exportKey = Buffer.alloc(32, 7);
const whole = sourceScope('me', {});
const never = new AbortController().signal;

/** For tests: sources by name, each bound to its bytes. A source `name:prefix` has a prefix. */
export const named = (paths: Record<string, string>): Promise<NamedSource[]> =>
  Promise.all(
    Object.entries(paths).map(async ([named, path]) => {
      const [name = '', prefix] = named.split(':');
      const location = { path, allowedRoots: [dirname(path)] };
      return { name, location, sha256: await digestFile(path), ...(prefix ? { prefix } : {}) };
    }),
  );

export const exportOf = async (paths: Record<string, string>, output: string, more: Partial<ExportInput> = {}) =>
  exportFiles({ sources: await named(paths), scope: whole, output, key: exportKey, signal: never, ...more });

type More = {
  rules?: ChosenRules;
  failpoint?: ExportInput['failpoint'];
  batchRows?: number;
  binding?: { digest: string };
};
export const importOf = (folder: string, dsn: string, schema: string, { rules = [], ...more }: More = {}) =>
  importFiles({
    folder,
    binding: { key: exportKey },
    to: join(dirname(folder), `staged-${schema}.sqlite`),
    place: targetPlace(dsn, 'me', { schema }),
    scope: whole,
    choose: () => rules,
    signal: never,
    ...(more as object),
  });

export const validateOf = (folder: string, dsn: string, schema: string, rules: ChosenRules = []) =>
  validateFiles({
    folder,
    binding: { key: exportKey },
    to: join(dirname(folder), `compared-${schema}.sqlite`),
    place: targetPlace(dsn, 'me', { schema }),
    scope: whole,
    rules,
    signal: never,
  });
