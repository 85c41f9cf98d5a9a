import path from 'node:path';
import { type JsonStore, proveStagedInTurns, takeStoreInTurns } from '@/lib/dataplane';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import { digestFile } from '@/lib/sources/sqlite-snapshot';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';

/** What a snapshot of a store of JSON files does. */
export const storePlan = (store: JsonStore, file: string): PlanLine[] => [
  {
    type: 'file',
    on: 'source',
    effect: 'read',
    does: 'Copies every file of the store byte by byte, again until none of them changes meanwhile; the service keeps writing.',
    text: store.path,
    undo: 'nothing to undo',
  },
  {
    type: 'file',
    on: 'console',
    effect: 'write',
    does: 'Makes a staging file from the copy: each record a row, every number, text and nested value exact, with file, line and byte of each.',
    text: `${file}.files\n${file}`,
    undo: 'both are removed with their retention',
  },
  {
    type: 'check',
    on: 'console',
    effect: 'read',
    does: 'Reads every record of the copy a second time, by other code, and compares it with every cell of the staging file; SHA-256 of each file.',
    undo: 'nothing to undo',
  },
];

/** Copies and stages the store. @throws CutoverError source_* */
export async function snapshotStore(ctx: StepContext, store: JsonStore, to: string) {
  const { path: file, bytes, takenAt, files } = await takeStoreInTurns(store, to, ctx.signal);
  const sha256 = await digestFile(file);
  ctx.log('info', `Copied ${formatCount(files)} files and staged them in ${file}, ${formatCount(bytes)} bytes`);
  return { path: file, sha256, bytes: String(bytes), takenAt };
}

/** The second reading of the copied files against the staging file. */
export async function stagedProof(file: string, signal: AbortSignal): Promise<CheckpointResult> {
  const { passed, records, files, differences } = await proveStagedInTurns(
    { path: file, allowedRoots: [path.dirname(file)] },
    `${file}.files`,
    signal,
  );
  return checkpoint('staged', 'The staging file holds every record of the copied files, value by value', passed, {
    summary: passed
      ? `${formatCount(records)} records of ${formatCount(files)} files read a second time`
      : differences.slice(0, 3).join('; '),
    table: { columns: ['Difference'], rows: differences.map((text) => [text]) },
  });
}
