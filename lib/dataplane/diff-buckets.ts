const buckets = 65_536;
const lanes = 4;

/**
 * Two multisets of digests compared in a megabyte: each digest is added to its bucket on one side and taken away on the other, in four
 * lanes of 32 bits. A bucket in which both sides hold the same digests comes out as zero; another does so once in 2^128.
 */
export class Buckets {
  private readonly sums = new Uint32Array(buckets * lanes);
  private readonly balance = new Int32Array(buckets);
  private readonly held = new Uint32Array(buckets);

  /** `content`: at least 16 bytes, evenly spread; so is `id`, whose first bytes choose the bucket. */
  source(id: Buffer, content: Buffer): void {
    const bucket = bucketOf(id);
    for (let lane = 0; lane < lanes; lane += 1) {
      const at = bucket * lanes + lane;
      this.sums[at] = (this.sums[at] as number) + content.readUInt32LE(lane * 4);
    }
    this.balance[bucket] = (this.balance[bucket] as number) + 1;
    this.held[bucket] = (this.held[bucket] as number) + 1;
  }

  target(id: Buffer, content: Buffer): void {
    const bucket = bucketOf(id);
    for (let lane = 0; lane < lanes; lane += 1) {
      const at = bucket * lanes + lane;
      this.sums[at] = (this.sums[at] as number) - content.readUInt32LE(lane * 4);
    }
    this.balance[bucket] = (this.balance[bucket] as number) - 1;
  }

  private isEqual(bucket: number): boolean {
    const at = bucket * lanes;
    return this.balance[bucket] === 0 && this.sums.subarray(at, at + lanes).every((sum) => sum === 0);
  }

  /** Source rows in buckets that are equal, and the others in sets of at most so many source rows (a single bucket may be larger). */
  settle(mostRows: number): { equal: number; unequal: Set<number>[] } {
    let equal = 0;
    let rows = 0;
    const unequal: Set<number>[] = [];
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const held = this.held[bucket] as number;
      if (this.isEqual(bucket)) {
        equal += held;
        continue;
      }
      if (!unequal.length || rows + held > mostRows) {
        unequal.push(new Set());
        rows = 0;
      }
      rows += held;
      unequal.at(-1)?.add(bucket);
    }
    return { equal, unequal };
  }
}

export const bucketOf = (id: Buffer): number => id.readUInt16LE(id.length - 2);
