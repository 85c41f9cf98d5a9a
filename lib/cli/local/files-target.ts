import path from 'node:path';
import { type Binding, targetPlace, type TargetPlace } from '@/lib/dataplane';
import { sourceScope } from '@/lib/sources/scope';
import type { ReportProgress } from '@/lib/dataplane';
import { readRule, type Asked } from './chosen-rules';
import { exportKey, exportPath } from './export-folder';
import { standsIn } from './open-move';
import { readPlace, requireSchemaName } from './read-place';
import type { Screen } from './show-progress';
import { readTargetDsn } from './target-dsn';

export const filesOptions = {
  to: { type: 'string' },
  schema: { type: 'string' },
  rule: { type: 'string', multiple: true },
  digest: { type: 'string' },
} as const;
export const filesHelp = `  DIR                  the folder of an export, with its manifest.json
  --to DSN             env:NAME, postgres://user@host:port/database or service:NAME; never with a password in it
  --schema NAME        the schema that has the tables, or is made for them
  --rule FINDING=RULE  the answer to a finding: 'table.column.code=rule', or '*.code=rule' for all of a kind
  --digest SHA256      the manifest's digest as the export printed it, where it was made on another host`;

type Values = { to?: string; schema?: string; rule?: string[]; digest?: string };
export type FilesTarget = {
  folder: string;
  binding: Binding;
  place: TargetPlace;
  /** host:port/database */
  at: string;
  asked: Asked[];
  scope: ReturnType<typeof sourceScope>;
};

/** @throws CutoverError input_invalid | dsn_* | schema_name_invalid */
export async function readFilesTarget(values: Values, positionals: string[], usage: string): Promise<FilesTarget> {
  const { given, to, schema } = readPlace(values, positionals, { given: 'DIR', one: 'export' }, usage);
  const folder = exportPath(given, standsIn());
  const sourceId = path.basename(folder);
  const target = await readTargetDsn(to);
  const place = targetPlace(target.dsn, 'files', { schema });
  requireSchemaName(place);
  return {
    folder,
    binding: values.digest === undefined ? { key: exportKey() } : { digest: values.digest },
    place,
    at: target.place,
    asked: (values.rule ?? []).map(readRule),
    scope: sourceScope(sourceId, {}),
  };
}

/** Exact progress on the screen, as that of a step. */
export function onScreen(screen: Screen, stepId: string): ReportProgress {
  const startedAt = new Date().toISOString();
  return (progress) => screen.progress(stepId, { ...progress, startedAt, at: new Date().toISOString() });
}

/** Runs work that Ctrl-C ends in order. @returns null when it did */
export async function withStop<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  const ended = new AbortController();
  const stop = (): void => ended.abort(new Error('ended by Ctrl-C'));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(ended.signal);
  } catch (thrown) {
    if (ended.signal.aborted) return null;
    throw thrown;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
