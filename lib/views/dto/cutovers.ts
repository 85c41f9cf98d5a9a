import type { LeftAsideDto } from './profile';
import type { CutoverState, StepStatus } from '@/lib/shared/statuses';

/** Where a cutover stands, in glyph and word. `service`: what is wrong with its service, a fact of its own. */
export type BadgeDto = {
  glyph: StepStatus;
  text: string;
  service?: { glyph: 'failed' | 'unknown' | 'drift'; text: string };
};

export type CutoverRowDto = {
  id: string;
  system: string;
  sourceId: string;
  kind: 'live' | 'rehearsal';
  state: CutoverState;
  /** The same as in the header of its page. */
  badge: BadgeDto;
  runbook: string;
  /** T-0 as planned until the switch, then the switch itself. */
  t0: string;
  openedBy: string;
  headline: string;
  createdAt: string;
  endedAt: string | null;
  /** How long users were held by the switch, or by the newest press that came back: "3.1 s", "1 m 4 s, returned". */
  frozen: string | null;
};

export type CutoversDto = { now: string; canPlan: boolean; open: CutoverRowDto[]; past: CutoverRowDto[] };

export type NewCutoverDto = {
  now: string;
  canPlan: boolean;
  profiles: {
    system: string;
    systemTitle: string;
    sourceId: string;
    runbook: string;
    runbookTitle: string;
    /** Names of all that may be walked on it, its own first. */
    runbooks: string[];
    /** Those that need no cutover, since they touch nothing of the profile: they are run by a command. */
    alone: { name: string; title: string; summary: string; command: string }[];
    /** The process it shares its switch with; null for a file that nothing serves. */
    service: string | null;
    observed: string | null;
    /** Surfaces that may be chosen among; empty where all move together. */
    surfaces: { name: string; title: string; observed: string | null }[];
    blockedBy: string | null;
    /** Rows of users that an earlier rollback left in its target. */
    leftAside?: LeftAsideDto | null;
    /** The cutover that blocks it. */
    openCutoverId: string | null;
  }[];
  /** Who may be asked to sign off: reviewers other than the one who asks. */
  reviewers: { id: string; name: string }[];
  suggestedT0: string;
  /** Of the chosen runbook, by name. */
  runbooks: Record<
    string,
    {
      title: string;
      version: string;
      from: string;
      to: string;
      wayBack: string;
      wayBackMeans: string;
      phases: { title: string; tLabel: string; atSeconds: number; sequence: boolean; steps: string[] }[];
    }
  >;
};
