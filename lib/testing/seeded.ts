import { createHash } from 'node:crypto';

export type Random = () => number;

/** The same numbers from 0 to 1 for the same seed. */
export function seeded(seed: string): Random {
  let block = createHash('sha256').update(seed).digest();
  let at = 0;
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(block).digest();
      at = 0;
    }
    at += 4;
    return block.readUInt32BE(at - 4) / 2 ** 32;
  };
}
