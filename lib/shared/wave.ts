/** What a wave needs of a profile: those behind one process are switched by one press, so they share their T-0. */
type Member = { system: string; sourceId: string; service: string | null };

const minuteMs = 60_000;

/**
 * T-0 of each profile, in ms: the first at `t0Ms`, each further process `gapMinutes` after the one before, so that one
 * person can see each switch through before the next.
 */
export function waveTimes(profiles: readonly Member[], t0Ms: number, gapMinutes: number): number[] {
  const turns = new Map<string, number>();
  return profiles.map(({ system, sourceId, service }) => {
    const turn = service === null ? JSON.stringify([system, sourceId]) : JSON.stringify([system, null, service]);
    if (!turns.has(turn)) turns.set(turn, turns.size);
    return t0Ms + (turns.get(turn) ?? 0) * gapMinutes * minuteMs;
  });
}
