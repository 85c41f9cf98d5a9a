import type { AdminDto } from '@/lib/views/dto';

type Checks = AdminDto['checks'];
const rank = { failed: 0, unknown: 1, passed: 2 } as const;

/** Failed first, then unknown; otherwise as the server gave them. */
export const sortChecks = (checks: Checks): Checks => checks.toSorted((a, b) => rank[a.status] - rank[b.status]);

/** "9 passed", "7 passed, 1 failed, 1 unknown". */
export function checkCounts(checks: Checks): string {
  const words = (['passed', 'failed', 'unknown'] as const)
    .map((status) => [checks.filter((check) => check.status === status).length, status] as const)
    .filter(([count]) => count > 0);
  return words.map(([count, status]) => `${count} ${status}`).join(', ');
}
