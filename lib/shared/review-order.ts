type Waiting = { t0: string; reminder: { at: string } | null };

/** What waits for a person: what they were reminded of first, then the nearest T-0. */
export const byUrgency = (a: Waiting, b: Waiting): number =>
  Number(b.reminder !== null) - Number(a.reminder !== null) || a.t0.localeCompare(b.t0);
