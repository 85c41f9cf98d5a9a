import type { AfterStatement } from './target-ddl/design-types';

/** Below this an index is built in no time, and a transaction of its own would cost more than the work. */
const smallBytes = 16 * 1024 * 1024;
/** Each statement holds locks until its transaction ends. */
const mostTogether = 100;
const builds = new Set<AfterStatement['kind']>(['primary key', 'unique', 'index']);

/**
 * What is built after the load, in groups of one transaction each. `alone`: keys and indexes of large tables, a group a table, which
 * several sessions may build at once; `together`: everything else in its order, foreign keys last, which need the keys and lock two tables.
 */
export function buildGroups(
  statements: readonly AfterStatement[],
  bytes: ReadonlyMap<string, number>,
): { alone: AfterStatement[][]; together: AfterStatement[][] } {
  const large = new Map<string, AfterStatement[]>();
  const together: AfterStatement[][] = [];
  let small: AfterStatement[] = [];
  for (const statement of statements) {
    const { kind, table } = statement;
    const isLarge = (bytes.get(table) ?? 0) >= smallBytes;
    if (isLarge && builds.has(kind)) large.set(table, [...(large.get(table) ?? []), statement]);
    else if (isLarge && kind !== 'default') {
      if (small.length) together.push(small);
      together.push([statement]);
      small = [];
    } else {
      small.push(statement);
      if (small.length < mostTogether) continue;
      together.push(small);
      small = [];
    }
  }
  if (small.length) together.push(small);
  const largestFirst = [...large].sort(([a], [b]) => (bytes.get(b) ?? 0) - (bytes.get(a) ?? 0));
  return { alone: largestFirst.map(([, group]) => group), together };
}
