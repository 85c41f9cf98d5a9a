import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, realpathSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type NamedSource, snapshotSqlite } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { homeFolder, readJson, writeWhole } from '@/lib/services/data-home';
import { withHostLock } from '@/lib/services/host-lock';
import type { Screen } from './show-progress';

type Copy = { name: string; prefix: string; file: string; copy: string; sha256: string };
/** What an export was begun with: the copies of its sources stay, so that a damaged batch can be written again alone. */
export type BegunExport = {
  output: string;
  copies: Copy[];
  leaveOut: Record<string, string>;
  excluded: Record<string, string>;
  batchRows: number;
  begunAt: string;
};
export type AskedSource = { name: string; prefix: string; file: string };

/** The key of this data folder, made once. Whoever has it can seal an export; it never leaves the host. */
export function exportKey(): Buffer {
  const file = path.join(homeFolder('exports'), 'seal.key');
  if (!existsSync(file)) {
    const made = `${file}.${randomUUID()}`;
    writeFileSync(made, randomBytes(32), { mode: 0o600 });
    try {
      linkSync(made, file);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    } finally {
      unlinkSync(made);
    }
  }
  return readFileSync(file);
}

/** The folder of an export as a person names it, by its real path. */
export function exportPath(given: string, cwd: string): string {
  const full = path.resolve(cwd, given);
  try {
    return realpathSync(full);
  } catch {
    const above = path.dirname(full);
    return existsSync(above) ? path.join(realpathSync(above), path.basename(full)) : full;
  }
}

const nameOf = (output: string): string =>
  `${path
    .basename(output)
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 60)}-${createHash('sha256').update(output).digest('hex').slice(0, 12)}`;
const stateFile = (output: string): string => path.join(homeFolder('exports', nameOf(output)), 'export.json');

export const readBegun = (output: string): BegunExport | null => readJson<BegunExport>(stateFile(output));

/** Copies every source through SQLite's backup API and keeps what the export was asked for. */
export async function beginExport(
  asked: { output: string; sources: AskedSource[] } & Omit<BegunExport, 'copies' | 'begunAt' | 'output'>,
  signal: AbortSignal,
  screen: Screen,
): Promise<BegunExport> {
  const { output, sources, leaveOut, excluded, batchRows } = asked;
  const folder = homeFolder('exports', nameOf(output));
  rmSync(stateFile(output), { force: true });
  const copies: Copy[] = [];
  for (const [i, { name, prefix, file }] of sources.entries()) {
    const startedAt = new Date().toISOString();
    const taken = await snapshotSqlite({
      source: { path: file, allowedRoots: [path.dirname(file)] },
      to: path.join(folder, `source-${i + 1}.sqlite`),
      signal,
      progress: (progress) => screen.progress('copy', { ...progress, startedAt, at: new Date().toISOString() }),
    });
    copies.push({ name, prefix, file, copy: taken.path, sha256: taken.sha256 });
  }
  const begun = { output, copies, leaveOut, excluded, batchRows, begunAt: new Date().toISOString() };
  await writeWhole(stateFile(output), JSON.stringify(begun), 0o600);
  return begun;
}

export const namedSources = ({ copies }: BegunExport): NamedSource[] =>
  copies.map(({ name, prefix, copy, sha256 }) => ({
    name,
    prefix,
    sha256,
    location: { path: copy, allowedRoots: [path.dirname(copy)] },
  }));

/** @throws CutoverError step_running */
export async function withExportLock<T>(output: string, work: () => Promise<T>): Promise<T> {
  try {
    return await withHostLock(
      { service: `export:${nameOf(output)}`, attemptId: randomUUID(), epoch: 1, waitMs: 0 },
      work,
    );
  } catch (thrown) {
    if (!(thrown instanceof CutoverError) || thrown.code !== 'service_busy') throw thrown;
    throw new CutoverError(
      {
        code: 'step_running',
        message: `${path.basename(output)} is being written by another command already.`,
        advice: 'Wait for that one, or end it.',
        retry: 'later',
      },
      { cause: thrown },
    );
  }
}

/** Rules that an import of these files was given, for later comparisons of the same files with the same schema. */
const rulesFile = (loadId: string, place: string): string =>
  path.join(
    homeFolder('exports', '.rules'),
    `${createHash('sha256').update(`${loadId}\0${place}`).digest('hex')}.json`,
  );
export const readRules = (loadId: string, place: string): Record<string, string> =>
  readJson<Record<string, string>>(rulesFile(loadId, place)) ?? {};
export const keepRules = (loadId: string, place: string, rules: Record<string, string>): Promise<void> =>
  writeWhole(rulesFile(loadId, place), JSON.stringify(rules), 0o600);
