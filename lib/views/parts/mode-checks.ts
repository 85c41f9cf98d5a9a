import type { ProfileStateRow } from '@/db/queries/views/read-profile-states';
import { driftWords, mixedWords, toMode } from '@/lib/views/words/mode';
import { profileKey } from '@/lib/views/words/profile-key';
import { countWords } from '@/lib/shared/words';
import { type Check, checkLine } from './check-line';
import type { FleetRead } from './read-fleet-file';

/** Every profile whose observed mode is unknown or another one than declared, each with its likely cause; one line for the rest. */
export function modeChecks({ fleet }: FleetRead, states: readonly ProfileStateRow[], nowMs: number): Check[] {
  if (!fleet) return [];
  const byKey = new Map(states.map((state) => [profileKey(state.system, state.sourceId), state]));
  const read = fleet.systems.flatMap((system) =>
    system.profiles
      .filter(({ service }) => service)
      .map(({ source_id: id }) => ({
        name: `${system.name}/${id}`,
        mode: toMode(byKey.get(profileKey(system.name, id)) ?? null),
      }))
      .filter(({ mode }) => mode.readAt !== null),
  );
  const apart = read.filter(({ mode }) => !mode.agrees);
  const mixed = read.filter(({ mode }) => mode.agrees && mixedWords(mode));
  const rest = read.length - apart.length - mixed.length;
  return [
    ...apart.map(({ name, mode }) =>
      checkLine(
        `Mode of ${name}`,
        mode.observed === null ? 'unknown' : 'failed',
        driftWords(mode, nowMs),
        'Put the named cause right; the mode is read again every few seconds.',
      ),
    ),
    ...mixed.map(({ name, mode }) =>
      checkLine(`Mode of ${name}`, 'unknown', mixedWords(mode) ?? '', 'Plan a cutover of the surfaces that are left.'),
    ),
    ...(rest ? [checkLine('Backend modes', 'passed', `${countWords(rest, 'profile')} observed as declared.`)] : []),
  ];
}
