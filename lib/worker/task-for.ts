import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { walkRunbook } from '@/lib/cutover/walk-runbook';
import { placesToPlan } from './attempt-limit';
import type { Task } from './messages';
import type { WorkerEnv } from './worker-env';

/** Scratch of one attempt; removed when it ends. */
export const workDirOf = (worker: WorkerEnv, attemptId: string): string => path.join(worker.home, 'work', attemptId);

/** Where the snapshots of a profile lie. A source id may hold any character and be long: a digest keeps two apart. */
function snapshotDirOf(worker: WorkerEnv, { system, sourceId }: CutoverRows['cutover']): string {
  const readable = sourceId.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 40);
  const digest = createHash('sha256').update(sourceId).digest('hex').slice(0, 8);
  return path.join(worker.home, 'snapshots', encodeURIComponent(system), `${readable}-${digest}`);
}

/** All that a step child is told; makes the two folders it writes to. */
export function taskFor(worker: WorkerEnv, rows: CutoverRows, step: DerivedStep, attempt: AttemptRow): Task {
  const { cutover } = rows;
  const planned = placesToPlan(walkRunbook(rows.runbook), step.place);
  const snapshotDir = snapshotDirOf(worker, cutover);
  const workDir = workDirOf(worker, attempt.id);
  for (const folder of [snapshotDir, workDir]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    attemptId: attempt.id,
    cutoverId: cutover.id,
    holdId: cutover.switchGroup ?? cutover.id,
    epoch: attempt.epoch,
    verb: attempt.verb,
    stepId: step.id,
    planSteps: planned.map((place) => place.step.id),
    planDigest: attempt.planMatchedAt ? null : attempt.planDigest,
    entry: rows.entry,
    runbook: rows.runbook,
    facts: rows.facts.map(({ stepId, name: factName, value }) => ({ stepId, name: factName, value })),
    rules: rows.findings.flatMap(({ key, rule, tableName, columnName, code }) =>
      rule ? [{ key, rule, table: tableName, column: columnName, code }] : [],
    ),
    allowedRoots: worker.allowedRoots(),
    snapshotDir,
    workDir,
    secrets: worker.secrets(),
  };
}
