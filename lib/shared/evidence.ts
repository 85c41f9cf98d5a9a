import type { Json } from './json';
import type { VerdictWord } from './statuses';

/** One line of a plan: exactly what will be done. Its canonical JSON is what the plan digest covers, `estimate` and `counts` excepted. */
export type PlanLine = {
  type: 'sql' | 'file' | 'command' | 'http' | 'env' | 'check' | 'wait';
  /** Where it happens: 'source', 'target', 'service', 'console', or a neighbour's name. */
  on: string;
  effect: 'read' | 'write';
  /** False: what it writes is a proof, taken back before the line ends. */
  stays?: false;
  /** What, in one sentence. */
  does: string;
  /** The exact SQL, argv, request or env difference, secrets cut. */
  text?: string;
  /** How it is undone and until when; 'nothing to undo' for reads. */
  undo?: string;
  /** Excluded from the digest: estimates and readings that move by themselves. */
  estimate?: string;
  /** Excluded from the digest: rows that this line sets aside or puts back, as they were counted when the plan was made. */
  counts?: { is: 'aside' | 'restored'; tables: number; rows: string };
};

/** Rows and bytes done of total, exact. `parts` is one entry a table (or check). */
export type Progress = {
  unit: 'rows' | 'bytes' | 'checks' | 'requests';
  done: number;
  /** Of `done`, what was found done at the start: no part of the speed. */
  kept?: number;
  total: number | null;
  /** What is being waited for, when nothing moves: reason, since, until. */
  waiting?: { reason: string; since: string; until?: string } | null;
  parts?: {
    name: string;
    done: number;
    kept?: number;
    total: number | null;
    state: 'queued' | 'running' | 'done' | 'failed';
    endedAt?: string;
  }[];
  /** Units a second over the last seconds; null before 3 s of readings and while nothing moves. */
  perSecond?: number | null;
  at: string;
  startedAt: string;
};

/** Evidence a person can open. Every member is optional but one of them must be there. */
export type Evidence = {
  /** One line of detail shown beside the claim. */
  summary: string;
  /** Queries, commands or requests with what was expected and what came back. */
  probes?: { what: string; text?: string; expected?: string; got: string; passed?: boolean }[];
  digests?: { of: string; sha256: string }[];
  /** A small table. */
  table?: { columns: string[]; rows: string[][] /** index of the columns that hold numbers */; numeric?: number[] };
  rowDiff?: RowDiffSummary;
  findings?: FindingShown[];
  raw?: Json;
};

export type CheckpointResult = {
  key: string;
  /** A claim about the world, positive form: "Every row and cell is equal". */
  claim: string;
  verdict: VerdictWord;
  evidence: Evidence;
};

export type CellShown = {
  text: string | null;
  type: string;
  /** At most 48 bytes, from `from` on. */
  bytesHex?: string;
  truncated?: boolean;
  /** Where what is shown of a long value begins: a byte of a blob, a UTF-16 unit of a text. Absent: at its start. */
  from?: number;
  /** What eyes cannot tell apart from the other side: code points and their place, or the byte of the first difference. */
  differs?: string;
};
export type DifferingRow = {
  table: string;
  key: string;
  kind: 'differing' | 'missing' | 'extra';
  cells: { column: string; source: CellShown | null; target: CellShown | null }[];
};
export type RowDiffSummary = {
  equal: string;
  differing: string;
  missing: string;
  extra: string;
  /** What was not compared; must be empty or signed. */
  notCompared: string[];
  tables: {
    table: string;
    rows: string;
    equal: string;
    differing: string;
    missing: string;
    extra: string;
    rangeDigests: number;
  }[];
  /** At most 50 rows. */
  sample: DifferingRow[];
  /** Of a schema that was designed: what of its keys, indexes, columns and triggers is not as designed. `reviewed`: a person’s SQL was
   *  applied to it, which may explain it. */
  catalog?: { differences: string[]; reviewed: boolean };
  /** Where the result holds: "source snapshot of 02:03:41" or "freeze since 02:30:00". */
  holdsAt: string;
  /** SHA-256 over the source digests of all ranges, in order. */
  digest: string;
};

export type FindingShown = {
  key: string;
  code: string;
  table: string;
  column: string | null;
  count: string;
  message: string;
  sample: { key: string; value: string }[];
  /** `loses`: a value, or part of it, is nowhere in the target afterwards. */
  rules: { name: string; effect: string; loses?: true }[];
  rule: string | null;
  /** Who chose it and when, where that is known. */
  ruleBy?: string | null;
  ruleAt?: string | null;
  blocking: boolean;
};
