import type { z } from 'zod';
import type { CheckpointResult, PlanLine, Progress, RowDiffSummary } from '@/lib/shared/evidence';
import type { Json } from '@/lib/shared/json';
import type { LogLevel } from '@/lib/shared/statuses';
import type { ProfileEntry, ServiceEntry, SystemEntry } from '@/lib/fleet/schema';
import type { RunbookStep, Runbook } from '@/lib/fleet/runbook-schema';

/** What a step may touch and say. Made by the step's child process; nothing else reaches the outside. */
export type StepContext = {
  cutoverId: string;
  /** Shared by cutovers that are switched together: what they hold their service by. (Default: cutoverId) */
  holdId?: string;
  attemptId: string;
  /** Fencing token of this attempt; every effect carries it. */
  epoch: number;
  /** Ends the step: cancel, deadline or loss of the worker. Long loops test it between batches. */
  signal: AbortSignal;
  system: SystemEntry;
  profile: ProfileEntry;
  /** The services this profile runs behind, by name. */
  services: ServiceEntry[];
  /** Other profiles of the fleet that share a service or a source file with this one. */
  neighbours: { profile: ProfileEntry; shares: ('service' | 'source_file')[] }[];
  runbook: Runbook;
  step: RunbookStep;
  /** Folders under which sources, env files and snapshots must lie (fleet file). */
  allowedRoots: readonly string[];
  /** Folder of this profile's snapshots and exports; made, 0700. */
  snapshotDir: string;
  /** Folder of this attempt's own files, emptied with it. */
  workDir: string;
  /** Value of a named secret (a DSN). @throws CutoverError dsn_missing */
  secret(envName: string): string;
  log(level: LogLevel, text: string, stream?: 'out' | 'err'): void;
  /** One reading of exact progress; sent at most five times a second. */
  progress(progress: Omit<Progress, 'at' | 'startedAt'>): void;
  /** Facts of earlier steps, by step id. @throws CutoverError gate_closed when absent */
  fact<T = Json>(stepId: string, name: string): T;
  factOrNull<T = Json>(stepId: string, name: string): T | null;
  /** The newest record of this name that a passed step of any cutover of this system has kept as fact `record.<name>`. */
  record<T = Json>(name: string): Promise<KeptRecord<T> | null>;
  /** Verified snapshots of this profile's target that other cutovers have made and whose files are kept, newest first. */
  keptSnapshots(): Promise<KeptSnapshot[]>;
  /** Keeps a fact for later steps; stored in the same transaction as this attempt's verdict. */
  setFact(name: string, value: Json): void;
  /** The rule a person chose for a finding key, or null. */
  rule(findingKey: string): string | null;
  rules(): { key: string; rule: string; table: string; column: string | null; code: string }[];
  /** Records or refreshes findings; those of this step no longer seen are removed. */
  saveFindings(findings: NewFinding[]): Promise<void>;
  saveSnapshot(snapshot: NewSnapshot): Promise<void>;
  /** Durable state for resume inside one step, kept over attempts of the same step and cutover. Guarded by the epoch. */
  state: { get<T = Json>(name: string): Promise<T | null>; set(name: string, value: Json): Promise<void> };
  /** Blocks (in tests) or kills at a named place; does nothing unless FAILPOINT names it. */
  failpoint(name: string): Promise<void>;
  /** @throws CutoverError cancelled | deadline_passed when the signal is aborted */
  throwIfEnded(): void;
};

/** What a step of another cutover proved and kept. */
export type KeptRecord<T = Json> = {
  value: T;
  cutoverId: string;
  sourceId: string;
  runbook: string;
};

/** A snapshot of the target that another cutover has made; `bytes` as decimal text, since it has travelled. */
export type KeptSnapshot = {
  id: string;
  path: string;
  digest: string;
  bytes: string;
  manifest: Json;
  stepId: string;
  runbook: string;
};

export type NewFinding = {
  key: string;
  code: string;
  table: string;
  column: string | null;
  count: bigint;
  message: string;
  sample: { key: string; value: string }[];
  rules: { name: string; effect: string }[];
  blocking: boolean;
};
export type NewSnapshot = {
  id: string;
  kind: 'source' | 'target' | 'export';
  path: string;
  digest: string;
  bytes: bigint;
  manifest: Json;
  verified: boolean;
};

/** What a plan says. `loss`: rows that the act would drop, as far as they can be found; outside the digest, since it moves. */
export type PlanDraft = { lines: PlanLine[]; loss?: RowDiffSummary };

/** A claim with its verdict; `passed` only if every checkpoint passed. */
export type Verdict = { checkpoints: CheckpointResult[] };

/**
 * One kind of step, one file: doing (`run`) is not judging (`check`), and the dry run (`plan`) is the same object.
 * `run` is idempotent and resumable; `check` reads the world again and is the only way a row turns green.
 */
export type MachineStep<P> = {
  kind: string;
  /** Imperative, what the operator reads. */
  title: string;
  /** Why it exists, one line. */
  why: string;
  params: z.ZodType<P>;
  /** Writes nothing. Stored with its digest; the worker refuses to run when a new plan differs. */
  plan(ctx: StepContext, params: P): Promise<PlanDraft>;
  run(ctx: StepContext, params: P): Promise<void>;
  check(ctx: StepContext, params: P): Promise<Verdict>;
  undo: ((ctx: StepContext, params: P) => Promise<void>) | 'nothing-to-undo';
};

/** A step that a person answers: sign-off, checklist. Nothing runs; its verdict comes from recorded decisions. */
export type HumanStep<P> = {
  kind: string;
  title: string;
  why: string;
  params: z.ZodType<P>;
  human: 'sign-off' | 'checklist';
};

// biome-ignore lint/suspicious/noExplicitAny: the registry holds kinds of every parameter type; params are parsed at the door
export type AnyStep = MachineStep<any> | HumanStep<any>;
export const isHuman = (step: AnyStep): step is HumanStep<unknown> => 'human' in step;
