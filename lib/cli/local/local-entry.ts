import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import type { PinnedEntry } from '@/lib/cutover/pin-entry';
import { readRunbook, type LoadedRunbook } from '@/lib/fleet/load';
import type { RunbookStep } from '@/lib/fleet/runbook-schema';
import { profileEntry } from '@/lib/fleet/schema';
import { registry } from '@/lib/steps/registry';
import { isHuman } from '@/lib/steps/step';
import { isJsonStore } from './source-path';

export const defaultRunbook = 'sqlite-to-postgres';

/** A file that no fleet names, as a profile of the built-in system `files`. */
export function localEntry(input: { file: string; schema: string; dsnName: string; runbook: string }): PinnedEntry {
  const profile = profileEntry.parse({
    source_id: path.basename(input.file),
    source: { kind: isJsonStore(input.file) ? 'json-store' : 'sqlite-file', path: input.file },
    target: { dsn_env: input.dsnName, schema: input.schema },
    runbook: input.runbook,
  });
  const system = { name: 'files', title: 'Files', services: [], profiles: [profile] };
  return { system, profile, service: null, neighbours: [] };
}

/** Kinds that act on a running service; nothing runs on a file that is moved from the command line. */
const ofService = new Set([
  'baseline',
  'smoke',
  'freeze',
  'fence',
  'switch',
  'verify-mode',
  'canary',
  'thaw',
  'log-scan',
  'close',
]);

/** The runbook's steps that walk here, in order. What a person would sign is answered by the person at the terminal. */
export function localSteps({ phases }: LoadedRunbook['runbook']): RunbookStep[] {
  return phases
    .flatMap(({ steps }) => steps)
    .filter(({ kind }) => {
      const known = registry[kind];
      return known !== undefined && !isHuman(known) && !ofService.has(kind);
    });
}

/** A shipped runbook by name, or one of one's own by path. @throws CutoverError runbook_invalid */
export function loadLocalRunbook(name: string, cwd: string): LoadedRunbook {
  if (name.endsWith('.yaml')) {
    const file = path.resolve(cwd, name);
    return readRunbook(file, path.basename(file, '.yaml'));
  }
  const folder = path.resolve(process.env.CUTOVER_RUNBOOKS ?? 'lib/runbooks');
  const names = readdirSync(folder).flatMap((file) => (file.endsWith('.yaml') ? [path.basename(file, '.yaml')] : []));
  if (names.includes(name)) return readRunbook(path.join(folder, `${name}.yaml`), name);
  throw new CutoverError({
    code: 'runbook_invalid',
    message: `There is no runbook '${name}'.`,
    advice: `Name one of: ${names.join(', ')}; or the path of a .yaml file.`,
  });
}
