import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import type { CopiedFile } from './copy-files';
import { NotJson } from './json-window';
import { fitsPattern } from './list-files';
import { type JsonRecord, readRecords } from './read-records';
import { TooManyKeys } from './stage-columns';
import { pointersOf, type RecordSet, type StagedFinding } from './store';
import type { Turns } from './turns';

export type SetFiles = { set: RecordSet; files: { id: number; file: CopiedFile }[] };

type Visitor = Parameters<typeof readRecords>[2];
/** Calls the visitor for each record of a file that belongs to the set. @throws CutoverError source_not_json */
export function* walkFile(set: RecordSet, sets: readonly RecordSet[], file: CopiedFile, visitor: Visitor): Turns {
  const others = sets.filter((one) => one !== set && fitsPattern(file.name, one.files)).flatMap(pointersOf);
  const stem = path.basename(file.name).replace(/\.[^.]*$/, '');
  const named = (record: JsonRecord): JsonRecord => (set.format === 'single' ? { ...record, name: stem } : record);
  try {
    yield* readRecords(
      file.path,
      { format: set.format, pointers: pointersOf(set), others },
      { ...visitor, record: (record) => visitor.record(named(record)) },
    );
  } catch (thrown) {
    if (thrown instanceof NotJson) throw thrown.refusal(file.name);
    if (thrown instanceof TooManyKeys)
      throw new CutoverError({
        code: 'source_not_json',
        message: `The records of ${file.name} have ${thrown.message}.`,
        advice:
          'Declare the columns of this record set in the fleet file, or keep the records whole: columns: { record: { pointer: "" } }.',
      });
    throw thrown;
  }
}

/** An NDJSON file of 0 bytes may be a store without records; no other JSON is 0 bytes long. */
export function isEmpty({ name, bytes }: CopiedFile, set: RecordSet, findings: StagedFinding[]): boolean {
  if (bytes > 0) return false;
  if (set.format !== 'ndjson')
    throw new CutoverError({
      code: 'source_empty',
      message: `${name} has 0 bytes; it is no JSON.`,
      advice: 'The file was cut or never written: put back its last whole copy, or take it out of the store.',
      facts: { file: name },
    });
  findings.push({
    code: 'empty_file',
    table: set.table,
    column: name,
    count: '1',
    sample: [],
    message: `${name} has 0 bytes: a store without records, or one that was cut.`,
  });
  return true;
}
