import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { ErrorFacts } from '@/lib/errors';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import type { Json } from '@/lib/shared/json';
import type { VerdictWord } from '@/lib/shared/statuses';
import type { AttemptVerb } from '@/db/schema/cutover';
import type { SentFinding } from '@/db/queries/step-state/save-findings';
import type { SentSnapshot } from '@/db/queries/step-state/save-snapshot';
import type { FactRow } from '@/lib/worker/task-parts';

type Claim = { key: string; claim: string; verdict: VerdictWord; summary: string };
export type JournalEntry = { at: string } & (
  | { what: 'opened'; cutoverId: string; file: string; schema: string; place: string; runbook: Runbook; digest: string }
  | { what: 'attempt'; stepId: string; verb: AttemptVerb; attemptId: string; epoch: number }
  | { what: 'state'; stepId: string; name: string; value: Json }
  | { what: 'findings'; stepId: string; findings: SentFinding[] }
  | { what: 'rules'; rules: Record<string, string> }
  | { what: 'snapshot'; snapshot: SentSnapshot }
  | { what: 'verdict'; stepId: string; passed: boolean; claims: Claim[]; facts: { name: string; value: Json }[] }
  | { what: 'failed'; stepId: string; verb?: AttemptVerb; error: Required<ErrorFacts> }
  | { what: 'undone'; stepId: string }
  | { what: 'moved' }
  | { what: 'gone'; why: string | null }
);

export type LocalStep = {
  status: 'running' | 'passed' | 'failed';
  at: string;
  claims: Claim[];
  error: Required<ErrorFacts> | null;
  /** Of a step that runs. */
  verb?: AttemptVerb;
  /** While an undo runs: how the step stood before. */
  before?: LocalStep | undefined;
};
/** What the journal amounts to: where one move stands. */
export type LocalState = {
  opened: Extract<JournalEntry, { what: 'opened' }> | null;
  epoch: number;
  facts: FactRow[];
  kept: Map<string, Json>;
  findings: (SentFinding & { stepId: string })[];
  rules: Record<string, string>;
  snapshots: SentSnapshot[];
  steps: Map<string, LocalStep>;
  movedAt: string | null;
  /** What of a finished move was found missing in the target, when it was last looked for. */
  gone: string | null;
  /** Since when the move is being taken back; null again once its steps go on. */
  undoSince: string | null;
};

export const emptyState = (): LocalState => ({
  opened: null,
  epoch: 0,
  facts: [],
  kept: new Map(),
  findings: [],
  rules: {},
  snapshots: [],
  steps: new Map(),
  movedAt: null,
  gone: null,
  undoSince: null,
});

/** One entry more; the state is always the fold of all entries, in this process and in the next one. */
export function applyEntry(state: LocalState, entry: JournalEntry): void {
  switch (entry.what) {
    case 'opened':
      state.opened = entry;
      break;
    case 'attempt':
      state.epoch = entry.epoch;
      if (entry.verb === 'undo') state.undoSince ??= entry.at;
      if (entry.verb === 'run') state.undoSince = null;
      if (entry.verb !== 'plan')
        state.steps.set(entry.stepId, {
          status: 'running',
          at: entry.at,
          claims: [],
          error: null,
          verb: entry.verb,
          ...(entry.verb === 'undo' ? { before: state.steps.get(entry.stepId) } : {}),
        });
      break;
    case 'state':
      state.kept.set(`${entry.stepId}.${entry.name}`, entry.value);
      break;
    case 'findings':
      state.findings = [
        ...state.findings.filter(({ stepId }) => stepId !== entry.stepId),
        ...entry.findings.map((one) => ({ ...one, stepId: entry.stepId })),
      ];
      break;
    case 'rules':
      state.rules = entry.rules;
      break;
    case 'snapshot':
      state.snapshots.push(entry.snapshot);
      break;
    case 'verdict':
      state.facts = state.facts.filter(({ stepId }) => stepId !== entry.stepId);
      state.facts.push(...entry.facts.map((fact) => ({ stepId: entry.stepId, ...fact })));
      state.steps.set(entry.stepId, {
        status: entry.passed ? 'passed' : 'failed',
        at: entry.at,
        claims: entry.claims,
        error: null,
      });
      break;
    case 'failed':
      // An undo that fails takes nothing back: the step stands as its run left it.
      state.steps.set(
        entry.stepId,
        (entry.verb === 'undo' && state.steps.get(entry.stepId)?.before) || {
          status: 'failed',
          at: entry.at,
          claims: [],
          error: entry.error,
        },
      );
      break;
    case 'undone':
      state.steps.delete(entry.stepId);
      state.movedAt = null;
      state.facts = state.facts.filter(({ stepId }) => stepId !== entry.stepId);
      break;
    case 'moved':
      state.movedAt = entry.at;
      state.gone = null;
      break;
    case 'gone':
      state.gone = entry.why;
  }
}

const journalFile = (folder: string): string => path.join(folder, 'journal.ndjson');

/** The state of a folder and how many bytes of its journal are whole: a line torn by a kill is no entry. */
export function readJournal(folder: string): { state: LocalState; bytes: number } {
  const state = emptyState();
  const file = journalFile(folder);
  const text = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const bytes = text.lastIndexOf(0x0a) + 1;
  for (const line of text.subarray(0, bytes).toString('utf8').split('\n').filter(Boolean))
    applyEntry(state, JSON.parse(line) as JournalEntry);
  return { state, bytes };
}

export type Journal = { state: LocalState; append(entry: Entry): void; close(): void };
type Entry = JournalEntry extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never;

/** Opens the journal for appending. Every entry is on disk before the next act: a kill loses nothing that was told. */
export function openJournal(folder: string): Journal {
  const { state, bytes } = readJournal(folder);
  const fd = openSync(journalFile(folder), 'a', 0o600);
  ftruncateSync(fd, bytes);
  return {
    state,
    append(entry) {
      const whole = { at: new Date().toISOString(), ...entry } as JournalEntry;
      writeSync(fd, `${JSON.stringify(whole)}\n`);
      fsyncSync(fd);
      applyEntry(state, whole);
    },
    close: () => closeSync(fd),
  };
}
