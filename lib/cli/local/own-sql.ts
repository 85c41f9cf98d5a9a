import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { sqlStatements } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import type { LoadedRunbook } from '@/lib/fleet/load';
import type { RunbookStep } from '@/lib/fleet/runbook-schema';

type Runbook = LoadedRunbook['runbook'];
const mostBytes = 4 * 1024 * 1024;

/** A file of SQL: its text, and what it is called in messages. */
export type GivenSql = { text: string; name: string };

/** A file of SQL, proven to be able to run in one transaction. @throws CutoverError input_invalid | sql_refused */
export function readSql(file: string): GivenSql {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > mostBytes)
    throw new CutoverError({
      code: 'input_invalid',
      message: found ? `${file} is no file of SQL, or has more than 4 MiB.` : `${file} does not exist.`,
      advice: 'Name a text file after --sql.',
    });
  const text = readFileSync(file, 'utf8');
  if (sqlStatements(text).length) return { text, name: path.basename(file) };
  throw new CutoverError({
    code: 'input_invalid',
    message: `${file} holds no statement.`,
    advice: 'Leave --sql out, or name another file.',
  });
}

/** The runbook with a step that applies the SQL once the rows are in. */
export function withSql(loaded: Pick<LoadedRunbook, 'runbook' | 'digest'>, sql: GivenSql | null) {
  if (sql === null) return loaded;
  const phases = loaded.runbook.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.flatMap((step) => (step.kind === 'import' ? [step, sqlStep(step, sql)] : [step])),
  }));
  return { runbook: { ...loaded.runbook, phases }, digest: loaded.digest };
}

const sqlStep = (load: RunbookStep, { text, name }: GivenSql): RunbookStep => ({
  ...load,
  id: 'apply-sql',
  kind: 'apply-sql',
  title: 'Apply your SQL',
  why: 'Views, triggers and functions that the rows do not bring along.',
  needs: [load.id],
  params: { sql: text, named: name },
});

/** The same runbook, its SQL exchanged. */
export const withOtherSql = (runbook: Runbook, { text, name }: GivenSql): Runbook => ({
  ...runbook,
  phases: runbook.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) =>
      step.kind === 'apply-sql' && typeof step.params.sql === 'string'
        ? { ...step, params: { sql: text, named: name } }
        : step,
    ),
  })),
});

/** The SQL that a runbook applies; null when it applies none. */
export function sqlOf({ phases }: Runbook): string | null {
  const step = phases.flatMap(({ steps }) => steps).find(({ kind }) => kind === 'apply-sql');
  return typeof step?.params.sql === 'string' ? step.params.sql : null;
}
