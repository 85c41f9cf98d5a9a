import path from 'node:path';
import { copyFiles, mergeTaken, proveMerged, type SqliteFiles, type TakenFile } from '@/lib/dataplane';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import { checkFile } from '@/lib/sources/sqlite-extras';
import { withSqlite } from '@/lib/sources/sqlite-file';
import { digestFile } from '@/lib/sources/sqlite-snapshot';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';

const partsFolder = (file: string): string => `${file}.files`;

/** What a snapshot of several SQLite files does. */
export const filesPlan = (store: SqliteFiles, file: string): PlanLine[] => [
  {
    type: 'file',
    on: 'source',
    effect: 'read',
    does: 'Copies each SQLite file through the backup API, one state of each; the service keeps writing.',
    text: Object.entries(store.files)
      .map(([name, from]) => `${name}: ${from}`)
      .join('\n'),
    undo: 'nothing to undo',
  },
  ...Object.entries(store.excluded).map(
    ([name, { path: from, why }]): PlanLine => ({
      type: 'file',
      on: 'source',
      effect: 'read',
      does: `Leaves ${name} where it is: ${why}`,
      text: from,
      undo: 'nothing to undo',
    }),
  ),
  {
    type: 'file',
    on: 'console',
    effect: 'write',
    does: 'Keeps each copy, and makes one file of them, cell by cell as they are.',
    text: `${partsFolder(file)}\n${file}`,
    undo: 'both are removed with their retention',
  },
  {
    type: 'check',
    on: 'console',
    effect: 'read',
    does: 'Compares every cell of the one file with the copies by another statement; SHA-256 of each copy.',
    undo: 'nothing to undo',
  },
];

/** Copies the files and makes them one. @throws CutoverError source_* | disk_full */
export async function snapshotFiles(ctx: StepContext, store: SqliteFiles, to: string) {
  const { signal, progress, failpoint } = ctx;
  const parts = await copyFiles(store.files, store.allowedRoots, partsFolder(to), { signal, progress, failpoint });
  mergeTaken(store, parts, to);
  const sha256 = await digestFile(to);
  const bytes = parts.reduce((sum, part) => sum + BigInt(part.bytes), 0n);
  ctx.log('info', `Copied ${parts.length} files, ${formatCount(bytes)} bytes, and made them one: ${to}`);
  return { path: to, sha256, bytes: String(bytes), takenAt: parts[0]?.takenAt ?? new Date().toISOString(), parts };
}

/** Each copy is the file that was written, and the one file holds every cell of them. */
export async function filesProof(file: string, parts: readonly TakenFile[]): Promise<CheckpointResult[]> {
  const digests = await Promise.all(parts.map((part) => digestFile(part.path)));
  const changed = parts.filter((part, i) => part.sha256 !== digests[i]).map(({ name }) => name);
  const damaged = parts.flatMap(({ name, path: copy }) => {
    const { damage } = withSqlite({ path: copy, allowedRoots: [path.dirname(copy)] }, (one) =>
      checkFile(one, 'integrity_check', 20),
    );
    return damage.map((text) => `${name}: ${text}`);
  });
  const tables = proveMerged(file, parts);
  const unlike = tables.filter(({ rows, merged, unlike }) => unlike !== '0' || rows !== merged);
  return [
    checkpoint('parts', 'Every copied file is as it was written', changed.length === 0, {
      summary: changed.length ? `changed since: ${changed.join(', ')}` : `${parts.length} files`,
      digests: parts.map(({ name, sha256 }) => ({ of: `${name} (${path.basename(file)}.files)`, sha256 })),
    }),
    checkpoint('parts-intact', 'Every copied file opens and is intact', damaged.length === 0, {
      summary: damaged.length ? damaged.slice(0, 3).join('; ') : `integrity_check said ok of ${parts.length} files`,
    }),
    checkpoint('merged', 'The one file holds every cell of the copied files as it is', unlike.length === 0, {
      summary: unlike.length
        ? unlike.map(({ part, table, unlike: n }) => `${part}.${table}: ${n} rows differ`).join('; ')
        : `${tables.length} tables of ${parts.length} files compared`,
      table: {
        columns: ['File', 'Table', 'Here', 'Rows', 'In the one file', 'Unlike'],
        numeric: [3, 4, 5],
        rows: tables.map((one) => [one.part, one.table, one.name, one.rows, one.merged, one.unlike]),
      },
    }),
  ];
}
