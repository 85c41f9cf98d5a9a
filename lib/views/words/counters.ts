import type { FleetRowDto, ProfileGroup } from '@/lib/views/dto';
import { countWords, listWords } from '@/lib/shared/words';

/** The small line under a counter of the fleet page. */
export function counterWords(group: ProfileGroup, rows: FleetRowDto[]): string {
  if (rows.length === 0) return 'none';
  const names = listWords([
    ...rows.slice(0, 2).map(({ sourceId }) => sourceId),
    ...(rows.length > 2 ? [`${rows.length - 2} more`] : []),
  ]);
  switch (group) {
    case 'source':
      return listWords(modesOf(rows).slice(0, 3)) || names;
    case 'in_cutover': {
      const unknown = rows.filter(({ groups }) => groups.includes('unknown')).length;
      const failed = rows.filter(({ status }) => status.glyph === 'failed').length;
      const waiting = rows.filter(({ status }) => status.glyph === 'waiting').length;
      const told = [...(failed ? [`${failed} failed`] : []), ...(unknown ? [`${unknown} of unknown mode`] : [])];
      return listWords(told) || (waiting ? `${countWords(waiting, 'waits', 'wait')} for a person` : names);
    }
    case 'on_target':
      return rows.every(({ cutoverId }) => cutoverId === null) ? 'all closed' : names;
    default:
      return names;
  }
}

/** Modes in each system's own words, `SQLITE` and `sqlite` once. */
function modesOf(rows: FleetRowDto[]): string[] {
  const modes = new Map<string, string>();
  for (const { mode } of rows)
    if (mode.observed && !modes.has(mode.observed.toLowerCase())) modes.set(mode.observed.toLowerCase(), mode.observed);
  return [...modes.values()];
}
