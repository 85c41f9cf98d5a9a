import type { NewCutoverDto } from '@/lib/views/dto';

export type ProfileChoice = NewCutoverDto['profiles'][number];

/** The profile the address names, else the first that can start; null when none can. */
export function chosenProfile(
  profiles: ProfileChoice[],
  system: string | null,
  sourceId: string | null,
): ProfileChoice | null {
  const named = profiles.find((profile) => profile.system === system && profile.sourceId === sourceId);
  return named ?? profiles.find(({ blockedBy }) => blockedBy === null) ?? null;
}

/** When the first phase is due, and whether that moment is gone already: steps then start late, nothing else. */
export function firstPhase(t0Iso: string, phases: { title: string; atSeconds: number }[], nowMs: number) {
  const first = phases.reduce<{ title: string; atSeconds: number } | null>(
    (soonest, phase) => (soonest && soonest.atSeconds <= phase.atSeconds ? soonest : phase),
    null,
  );
  if (!first) return null;
  const atMs = Date.parse(t0Iso) + first.atSeconds * 1000;
  return { title: first.title, at: new Date(atMs).toISOString(), late: atMs < nowMs };
}

export const phaseAt = (t0Iso: string, atSeconds: number): string =>
  new Date(Date.parse(t0Iso) + atSeconds * 1000).toISOString();
