export type AuditDto = {
  now: string;
  total: number;
  entries: {
    n: number;
    at: string;
    who: string;
    role: string;
    act: string;
    what: string;
    previous: string;
    hash: string;
    system: string | null;
    sourceId: string | null;
    cutoverId: string | null;
  }[];
  /** Pass as `before` for the next page. */
  nextBefore: number | null;
  filters: { profiles: string[]; acts: string[]; roles: string[] };
  lastVerified: { ok: boolean; text: string; at: string; ms: number } | null;
};
