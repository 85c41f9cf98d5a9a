import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { DifferingRow } from '@/lib/shared/evidence';
import { textRows } from './connect-target';
import type { TableResult } from './diff-sink';
import type { OpenPlan } from './open-plan';
import { mappingName } from './target-sql';
import type { DiffInput, TableMapping } from './types';

type Counts = { equal: string; differing: string; missing: string; extra: string };
/** How far a table is: the last source key that is settled, and the digest of each range up to it. */
export type DiffPlace = Counts & { table: string; after: string; rows: number; ranges: string[] };
/** What an interrupted row diff has settled. JSON only. */
export type DiffState = {
  /** Both sides, their rules and the target's write counters: a write in between makes the state worthless. */
  boundTo: string;
  savedAt: string;
  sample: DifferingRow[];
  done: (Counts & { table: string; rows: string; rangeDigests: number; digest: string })[];
  at: DiffPlace | null;
};
export type DiffMemory = {
  get(): Promise<DiffState | null>;
  set(state: DiffState): Promise<void>;
  /** Least time between two savings within a table. (Default: 2000) */
  everyMs?: number;
};

/** Older than this it is not believed, whatever it is bound to. */
const believedMinutes = 30;
const saveEveryMs = 2000;

/** Digest of everything the settled part depends on. Rows written since show in the server's own counters. */
export async function diffBinding(
  client: pg.Client,
  file: { path: string },
  { source, target, plan }: OpenPlan,
  input: DiffInput,
): Promise<string> {
  const written = await textRows(
    client,
    `select schemaname, relname, relid::text, n_tup_ins::text, n_tup_upd::text, n_tup_del::text from pg_stat_all_tables
    where (schemaname, relname) in (select x->>0, x->>1 from json_array_elements($1::json) x) order by 1, 2`,
    [JSON.stringify(plan.tables.map((mapping) => [mapping.target.schema, mapping.target.table]))],
  );
  const parts = [
    'ranges of messages',
    file.path,
    source.fingerprint,
    target.fingerprint,
    input.rules,
    input.holdsAt,
    input.tables ?? [],
    written,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Keeps what is settled, at most every two seconds, and gives it back to the next run. */
export class DiffProgress {
  private savedMs = Number.NEGATIVE_INFINITY;

  private constructor(
    private readonly memory: DiffMemory | undefined,
    private readonly state: DiffState,
  ) {}

  static async open(memory: DiffMemory | undefined, boundTo: string): Promise<DiffProgress> {
    const found = (await memory?.get()) ?? null;
    const young = found && Date.now() - Date.parse(found.savedAt) < believedMinutes * 60_000;
    const fresh: DiffState = { boundTo, savedAt: new Date().toISOString(), sample: [], done: [], at: null };
    return new DiffProgress(memory, young && found.boundTo === boundTo ? found : fresh);
  }

  get sample(): DifferingRow[] {
    return this.state.sample;
  }

  finished(mapping: TableMapping): TableResult | null {
    const source = mappingName(mapping);
    const found = this.state.done.find(({ table }) => table === source);
    if (!found) return null;
    const { rows, equal, differing, missing, extra, rangeDigests, digest } = found;
    return {
      rows: BigInt(rows),
      equal: BigInt(equal),
      differing: BigInt(differing),
      missing: BigInt(missing),
      extra: BigInt(extra),
      rangeDigests,
      digest,
    };
  }

  placeIn(mapping: TableMapping): DiffPlace | null {
    const source = mappingName(mapping);
    return this.state.at?.table === source ? this.state.at : null;
  }

  /** A range of a table is settled. */
  async reach(at: DiffPlace, sample: readonly DifferingRow[]): Promise<void> {
    if (!this.memory || performance.now() - this.savedMs < (this.memory.everyMs ?? saveEveryMs)) return;
    this.savedMs = performance.now();
    await this.save({ at, sample: [...sample] });
  }

  async finish(mapping: TableMapping, result: TableResult, sample: readonly DifferingRow[]): Promise<void> {
    if (!this.memory) return;
    const { rows, equal, differing, missing, extra, rangeDigests, digest } = result;
    this.state.done.push({
      table: mappingName(mapping),
      rows: rows.toString(),
      equal: equal.toString(),
      differing: differing.toString(),
      missing: missing.toString(),
      extra: extra.toString(),
      rangeDigests,
      digest,
    });
    await this.save({ at: null, sample: [...sample] });
  }

  private async save(change: Pick<DiffState, 'at' | 'sample'>): Promise<void> {
    Object.assign(this.state, change, { savedAt: new Date().toISOString() });
    await this.memory?.set(this.state);
  }

  /** The comparison is whole: the next one begins at the beginning. */
  async forget(): Promise<void> {
    await this.memory?.set({ ...this.state, boundTo: '', done: [], at: null, sample: [] });
  }
}
