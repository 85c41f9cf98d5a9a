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

/** The same profile walking another of its runbooks, when the address names one. */
export const withRunbook = (profile: ProfileChoice | null, runbook: string | null): ProfileChoice | null =>
  profile && runbook && profile.runbooks.includes(runbook) ? { ...profile, runbook } : profile;

/** The profiles that an address names as JSON of [system, source id], in its order; what is not in the fleet is left out. */
export function chosenWave(profiles: ProfileChoice[], named: string[]): ProfileChoice[] {
  const byKey = new Map(profiles.map((profile) => [JSON.stringify([profile.system, profile.sourceId]), profile]));
  return [...new Set(named)].flatMap((key) => byKey.get(key) ?? []);
}

/** Profiles under their system, in the order of the fleet file; `text` is sought in names. */
export function bySystem(profiles: ProfileChoice[], text: string): { title: string; profiles: ProfileChoice[] }[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, { title: string; profiles: ProfileChoice[] }>();
  for (const profile of profiles) {
    const names = `${profile.sourceId} ${profile.system} ${profile.systemTitle}`.toLowerCase();
    if (!words.every((word) => names.includes(word))) continue;
    const group = groups.get(profile.system) ?? { title: profile.systemTitle, profiles: [] };
    group.profiles.push(profile);
    groups.set(profile.system, group);
  }
  return [...groups.values()];
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
