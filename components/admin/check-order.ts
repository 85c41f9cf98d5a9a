import type { AdminDto } from '@/lib/views/dto';

type Checks = AdminDto['checks'];
const rank = { failed: 0, unknown: 1, passed: 2 } as const;

/** Failed first, then unknown; otherwise as the server gave them. */
export const sortChecks = (checks: Checks): Checks => checks.toSorted((a, b) => rank[a.status] - rank[b.status]);

export type FoldedChecks = { kind: 'secret' | 'target'; status: 'passed' | 'unknown'; title: string; checks: Checks };

/** More of one kind that stand alike are one line that opens: what does not hold must not drown among them. */
const fewChecks = 3;
const kinds = [
  ['target', 'Targets'],
  ['secret', 'Secrets'],
] as const;

/** The checks to show line by line, what does not hold first, and those that pass or are unknown by the dozen. */
export function foldChecks(checks: Checks): { shown: Checks; folded: FoldedChecks[] } {
  const folded = (['unknown', 'passed'] as const).flatMap((status) =>
    kinds.flatMap(([kind, title]) => {
      const alike = checks.filter((check) => check.kind === kind && check.status === status);
      return alike.length > fewChecks ? [{ kind, status, title, checks: alike }] : [];
    }),
  );
  const inside = new Set(folded.flatMap((group) => group.checks));
  return { shown: sortChecks(checks.filter((check) => !inside.has(check))), folded };
}

/** "9 passed", "7 passed, 1 failed, 1 unknown". */
export function checkCounts(checks: Checks): string {
  const words = (['passed', 'failed', 'unknown'] as const)
    .map((status) => [checks.filter((check) => check.status === status).length, status] as const)
    .filter(([count]) => count > 0);
  return words.map(([count, status]) => `${count} ${status}`).join(', ');
}
