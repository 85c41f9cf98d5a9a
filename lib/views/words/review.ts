import type { RowDiffSummary } from '@/lib/shared/evidence';
import { formatCount, formatDigest } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';

const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
/** A part's value as a person reads it: digests cut, the rest whole. */
const partValue = (value: string | undefined): string =>
  value === undefined
    ? 'none'
    : value
        .split(' ')
        .map((word) => (isDigest(word) ? formatDigest(word) : word))
        .join(' ');

export type ChangedPart = { part: string; before: string; after: string; detail: string };

/** What is different from the last look, part by part, and the names of what is the same. */
export function changedSince(
  before: Record<string, string>,
  after: Record<string, string>,
): { parts: ChangedPart[]; same: string[] } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const parts = names
    .filter((name) => before[name] !== after[name])
    .map((part) => ({
      part,
      before: partValue(before[part]),
      after: partValue(after[part]),
      detail: before[part] === undefined ? 'added' : after[part] === undefined ? 'gone' : 'changed',
    }));
  return { parts, same: names.filter((name) => before[name] === after[name]) };
}

/** What a signature is bound to, in few lines: single plans, rules and ticks are counted. */
export function coversOf(parts: Record<string, string>): { part: string; value: string }[] {
  const counted: [string, string, string][] = [
    ['plan of ', 'plans', 'plan'],
    ['rule for ', 'rules', 'rule'],
    ['ticked ', 'checklist', 'item'],
    ['override of ', 'overrides', 'override'],
  ];
  const single = Object.entries(parts).filter(([part]) => !counted.some(([prefix]) => part.startsWith(prefix)));
  const groups = counted.flatMap(([prefix, part, one]) => {
    const count = Object.keys(parts).filter((name) => name.startsWith(prefix)).length;
    return count ? [{ part, value: countWords(count, one) }] : [];
  });
  return [...single.map(([part, value]) => ({ part, value: partValue(value) })), ...groups];
}

/** "Row diff equal: 206,853 rows, 9 tables, 0 not compared". */
export function diffClaim({ equal, differing, missing, extra, notCompared, tables }: RowDiffSummary): string {
  const off = BigInt(differing) + BigInt(missing) + BigInt(extra);
  const word =
    off === 0n
      ? `equal: ${formatCount(equal)} rows`
      : `differs: ${formatCount(off)} of ${formatCount(BigInt(equal) + off)} rows`;
  return `Row diff ${word}, ${countWords(tables.length, 'table')}, ${notCompared.length} not compared`;
}
