import { createHash } from 'node:crypto';
import type { DifferingRow } from '@/lib/shared/evidence';
import { withSqliteAsync } from '@/lib/sources/sqlite-file';
import { inTransaction, withTarget } from './connect-target';
import { diffOpen, readingTransaction } from './diff-rows';
import { type Difference, type DiffSink, SampleSink, showDifference } from './diff-sink';
import { openPlan } from './open-plan';
import type { DiffInput, DiffReport, TableMapping } from './types';

export type KeyOfRow = { table: string; kind: DifferingRow['kind']; key: string };
export type RepairPlan = {
  report: DiffReport;
  /** The first rows by key, in the order they were found. */
  keys: KeyOfRow[];
  /** Names exactly these rows with their bytes on both sides, whatever their order. */
  digest: string;
};

const most = 1n << 256n;

/** Which rows a repair would rewrite. Nothing is written. @param mostKeys keys listed by name; the digest covers all */
export async function planRepair(input: DiffInput, mostKeys: number): Promise<RepairPlan> {
  const sink = new KeySink(mostKeys);
  const { report } = await withSqliteAsync(input.source, (file) =>
    withTarget(
      input.place.dsn,
      (client) =>
        inTransaction(
          client,
          async () => {
            const open = await openPlan(client, file, input.scope, input.place, input.rules);
            return diffOpen(client, file, open, input, sink);
          },
          readingTransaction,
        ),
      { signal: input.signal },
    ),
  );
  return { report: { ...report, sample: sink.samples.sample }, keys: sink.keys, digest: sink.digest() };
}

class KeySink implements DiffSink {
  readonly samples = new SampleSink();
  keys: KeyOfRow[] = [];
  /** Sums of row digests, a table each: the order in which rows are found does not matter. */
  private sums = new Map<string, bigint>();

  constructor(private readonly mostKeys: number) {}

  async begin(mapping: TableMapping): Promise<void> {
    await this.samples.begin(mapping);
    this.keys = this.keys.filter(({ table }) => table !== mapping.source);
    this.sums.set(mapping.source, 0n);
  }

  difference(one: Difference): void {
    const { mapping, kind, source, target } = one;
    this.samples.difference(one);
    const hash = createHash('sha256').update(`${kind}\0${source?.length ?? -1}\0`);
    if (source) hash.update(source);
    if (target) hash.update(target);
    const sum = (this.sums.get(mapping.source) ?? 0n) + BigInt(`0x${hash.digest('hex')}`);
    this.sums.set(mapping.source, sum % most);
    if (this.keys.length < this.mostKeys) {
      const { key } = showDifference(one);
      this.keys.push({ table: mapping.source, kind, key });
    }
  }

  async flush(): Promise<void> {}

  digest(): string {
    const all = createHash('sha256');
    for (const [table, sum] of this.sums) all.update(`${table}\0${sum.toString(16)}\n`);
    return all.digest('hex');
  }
}
