import { createHash, type Hash } from 'node:crypto';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import type { DifferingRow } from '@/lib/shared/evidence';
import { hasMisfit } from './compare-cells';
import { copyRows } from './copy-in';
import { type Difference, type DiffSink, SampleSink, showDifference } from './diff-sink';
import { goneTable, makeStageSql, putTable } from './repair-sql';
import { copyInSql } from './target-sql';
import type { TableMapping, TargetSchema } from './types';

const flushBytes = 1024 * 1024;

export type StagedTable = {
  mapping: TableMapping;
  index: number /** the key finds one target row at most */;
  keyed: boolean;
  /** unique columns beside the key that take NULL */ release: string[];
  put: bigint;
  gone: bigint;
  digest: Hash;
};

/** Gathers what a repair must put and take away in session tables of the writing connection. Nothing of the target changes yet. */
export class RepairSink implements DiffSink {
  readonly staged: StagedTable[] = [];
  readonly samples = new SampleSink();
  private current: StagedTable | null = null;
  private put: Buffer[] = [];
  private gone: Buffer[] = [];
  private heldBytes = 0;

  constructor(
    private readonly client: pg.Client,
    private readonly target: TargetSchema,
  ) {}

  async begin(mapping: TableMapping): Promise<void> {
    await this.settle();
    await this.samples.begin(mapping);
    const known = this.staged.find((one) => one.mapping === mapping);
    if (known) {
      await this.client.query(`truncate ${putTable(known.index)}, ${goneTable(known.index)}`);
      Object.assign(known, { put: 0n, gone: 0n, digest: createHash('sha256') });
      this.current = known;
      return;
    }
    const index = this.staged.length;
    await this.client.query(makeStageSql(putTable(index), mapping));
    await this.client.query(makeStageSql(goneTable(index), mapping));
    this.current = {
      mapping,
      index,
      keyed: this.isKeyed(mapping),
      release: this.releasable(mapping),
      put: 0n,
      gone: 0n,
      digest: createHash('sha256'),
    };
    this.staged.push(this.current);
  }

  private isKeyed({ key, columns, target }: TableMapping): boolean {
    const names = key.map((name) => columns.find(({ source }) => source === name)?.target);
    const table = this.target.tables.find(({ schema, name }) => schema === target.schema && name === target.table);
    return (
      key.length > 0 && (table?.uniqueKeys ?? []).some((unique) => unique.columns.every((name) => names.includes(name)))
    );
  }

  private releasable({ key, columns, target }: TableMapping): string[] {
    const table = this.target.tables.find(({ schema, name }) => schema === target.schema && name === target.table);
    const unique = new Set((table?.uniqueKeys ?? []).flatMap((one) => one.columns));
    return columns
      .filter((one) => unique.has(one.target) && !key.includes(one.source) && !one.type.notNull)
      .map((one) => one.target);
  }

  difference(one: Difference): void {
    const { kind, source, target } = one;
    this.samples.difference(one);
    const current = this.current as StagedTable;
    if (source) {
      if (hasMisfit(source)) throw unfit(showDifference(one));
      this.put.push(Buffer.from(source));
      current.put += 1n;
      current.digest.update(source);
    }
    if (target && (kind === 'extra' || !current.keyed)) {
      this.gone.push(Buffer.from(target));
      current.gone += 1n;
    }
    this.heldBytes += (source?.length ?? 0) + (target?.length ?? 0);
  }

  async flush(): Promise<void> {
    if (this.heldBytes >= flushBytes) await this.settle();
  }

  /** Sends what is held to the session tables. */
  async settle(): Promise<void> {
    const { current } = this;
    if (!current) return;
    if (this.put.length) await copyRows(this.client, copyInSql(putTable(current.index), current.mapping), this.put);
    if (this.gone.length) await copyRows(this.client, copyInSql(goneTable(current.index), current.mapping), this.gone);
    this.put = [];
    this.gone = [];
    this.heldBytes = 0;
  }
}

const unfit = (row: DifferingRow): CutoverError =>
  new CutoverError({
    code: 'value_not_storable',
    message: `Row ${row.key} of ${row.table} holds a value that does not fit the target; nothing was repaired.`,
    advice: 'Run preflight on the source as it is now and choose a rule for the new finding.',
    facts: { table: row.table, key: row.key },
  });
