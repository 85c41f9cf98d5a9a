import type { ProfileStateRow } from '@/db/queries/views/read-profile-states';
import { mixedMode } from '@/lib/fleet/surfaces';
import type { ModeDto, ProfileGroup } from '@/lib/views/dto';
import { ageWords } from './times';

const never: ModeDto = {
  declared: null,
  observed: null,
  agrees: false,
  instances: 0,
  readAt: null,
  driftSince: null,
  cause: null,
  surfaces: [],
  stays: [],
};

const noService = 'Nothing runs on this file, so there is no mode to read.';

export function toMode(state: ProfileStateRow | null, served = true): ModeDto {
  if (!served) return { ...never, cause: noService };
  if (!state) return { ...never, cause: 'Not read yet.' };
  return {
    declared: state.declared,
    observed: state.observed,
    agrees: agreesOf(state),
    instances: Array.isArray(state.instances) ? state.instances.length : 0,
    readAt: state.readAt.toISOString(),
    driftSince: state.driftSince?.toISOString() ?? null,
    cause: state.cause,
    ...state.surfaces,
  };
}

/** Two surfaces may differ crosswise while the whole is `mixed` on both sides. */
const agreesOf = ({ declared, observed, surfaces }: ProfileStateRow): boolean =>
  observed !== null &&
  declared === observed &&
  surfaces.surfaces.every((one) => one.observed !== null && one.declared === one.observed);

/** "Declared POSTGRES_PRIMARY, observed SQLITE for 6 min. Likely: service not restarted." */
export function driftWords(mode: ModeDto, nowMs: number): string {
  const since = mode.driftSince ? ` for ${ageWords(nowMs - Date.parse(mode.driftSince))}` : '';
  const cause = mode.cause ? ` ${/^likely/i.test(mode.cause) ? '' : 'Likely: '}${mode.cause}` : '';
  if (mode.observed === null) return `${mode.cause ?? 'Its mode is not known.'}${since ? ` Not known${since}.` : ''}`;
  return `Declared ${mode.declared ?? 'nothing'}, observed ${mode.observed}${since}.${cause}${cause && !cause.endsWith('.') ? '.' : ''}`;
}

/** "postgres: chatkit; sqlite: repository, checkpoint. Not switched as a whole."; null where all surfaces are of one mode. */
export function mixedWords({ observed, surfaces }: ModeDto): string | null {
  if (observed !== mixedMode) return null;
  const modes = [...new Set(surfaces.map((one) => one.observed ?? 'unknown'))].sort();
  const each = modes.map((mode) => {
    const there = surfaces.filter((one) => (one.observed ?? 'unknown') === mode);
    return `${mode}: ${there.map(({ title }) => title).join(', ')}`;
  });
  return `${each.join('; ')}. Not switched as a whole.`;
}

/** A profile behind no service: there is no mode to observe, only where its last cutover left it. */
export const groupOfFile = (given: { inCutover: boolean; lastEnded: string | null }): ProfileGroup =>
  given.inCutover ? 'in_cutover' : given.lastEnded === 'closed' ? 'on_target' : 'source';

/** The mode that a runbook leads to; null where it switches nothing, so that a profile never is where it was to go. */
export const goalOf = ({ from, to }: { from: string; to: string }): string | null => (from === to ? null : to);

/** One group a profile. While a cutover holds it, a moment's difference is the cutover's doing. */
export function groupOf(
  mode: ModeDto,
  given: { to: string | null; inCutover: boolean; switching: boolean },
): ProfileGroup {
  if (given.switching) return 'in_cutover';
  if (mode.observed === null && mode.readAt !== null) return 'unknown';
  if (mode.readAt !== null && !mode.agrees) return 'drift';
  if (given.inCutover) return 'in_cutover';
  if (mode.readAt === null) return 'unknown';
  return mode.observed === given.to ? 'on_target' : 'source';
}

/** Where it stands in its cutover and what its service shows are two facts: it counts in both. While a press restarts the
 *  service, what it shows is the press's doing. @param open its open cutover; null: none */
export function groupsOf(
  group: ProfileGroup,
  { observed }: ModeDto,
  { served, open }: { served: boolean; open: { switching: boolean } | null },
): ProfileGroup[] {
  if (!open) return [group];
  if (group !== 'in_cutover') return [group, 'in_cutover'];
  return served && observed === null && !open.switching ? [group, 'unknown'] : [group];
}
