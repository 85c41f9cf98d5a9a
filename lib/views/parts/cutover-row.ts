import type { CutoverLine } from '@/db/queries/views/list-cutovers';
import { formatDuration } from '@/lib/shared/format';
import type { CutoverRowDto } from '@/lib/views/dto';
import { type Badge, badgeWords } from '@/lib/views/words/badge';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** @param badge of an open cutover; an ended one says its state @param returned by cutover id, ms users were held by a press that came back */
export const toCutoverRow = (
  line: CutoverLine,
  headline: string,
  badge: Badge | null,
  returned: ReadonlyMap<string, number>,
): CutoverRowDto => ({
  id: line.id,
  system: line.system,
  sourceId: line.sourceId,
  kind: line.kind,
  state: line.state,
  badge: badge ?? badgeWords({ state: line.state, current: null, under: null, outside: false }),
  runbook: line.runbook,
  // As in its header: the clock of a switched one counts from the switch.
  t0: (line.switchedAt ?? line.t0).toISOString(),
  openedBy: line.openedBy,
  headline,
  createdAt: line.createdAt.toISOString(),
  endedAt: iso(line.endedAt),
  frozen: frozenWords(line.frozenMs, returned.get(line.id)),
});

function frozenWords(frozenMs: number | null, returnedMs: number | undefined): string | null {
  if (frozenMs !== null) return formatDuration(frozenMs);
  return returnedMs === undefined ? null : `${formatDuration(returnedMs)}, returned`;
}

/** What an ended cutover came to. */
export function endedWords({
  state,
  frozenMs,
  rolledBackAt,
}: Pick<CutoverLine, 'state' | 'frozenMs' | 'rolledBackAt'>): string {
  const frozen = frozenMs === null ? '' : `, users were held ${formatDuration(frozenMs)}`;
  if (state === 'closed') return `Closed${frozen}.`;
  return rolledBackAt ? 'Rolled back, then abandoned.' : 'Abandoned before T-0.';
}
