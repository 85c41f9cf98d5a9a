import type { ErrorFacts } from '@/lib/errors';
import type { StayReading, SurfaceReading } from '@/lib/shared/surface-readings';
import type { WayBackLight } from '@/lib/shared/statuses';

export type ProfileGroup = 'source' | 'in_cutover' | 'on_target' | 'drift' | 'unknown';

export type ModeDto = {
  declared: string | null;
  observed: string | null;
  agrees: boolean;
  instances: number;
  readAt: string | null;
  driftSince: string | null;
  cause: string | null;
  /** Each store with a backend switch of its own; empty where there is one backend. */
  surfaces: SurfaceReading[];
  /** What stays where it is on purpose: a split state, and no drift. */
  stays: StayReading[];
};

export type FleetRowDto = {
  system: string;
  systemTitle: string;
  sourceId: string;
  title: string | null;
  group: ProfileGroup;
  /** Every group it counts in, its own first: one in cutover may be unknown as well. */
  groups: ProfileGroup[];
  mode: ModeDto;
  /** Second column of words: glyph, headline ("Load, 79 %"), detail ("Import, about 13 s left. Next: row diff"). */
  status: {
    glyph: 'source' | 'running' | 'waiting' | 'passed' | 'failed' | 'unknown' | 'drift' | 'ready';
    headline: string;
    detail: string;
    fraction: number | null;
  };
  cutoverId: string | null;
  health: {
    healthy: boolean | null;
    latencyMs: number | null /** newest last, null = no answer */;
    spark: (number | null)[];
  };
  wayBack: { light: WayBackLight; text: string };
  sourceBytes: string | null;
  rows: string | null;
  action: { label: string; href: string };
  /** Lower comes first: what needs a person. */
  urgency: number;
  /** "one file with library_7"; null when it shares nothing. */
  shares: string | null;
};

export type FleetDto = {
  now: string;
  environment: string;
  canPlan: boolean;
  systems: { name: string; title: string }[];
  needPerson: number;
  /** Profiles that no cutover may start for as the fleet file stands. */
  cannotStart: number;
  counters: { group: ProfileGroup; count: number; detail: string }[];
  rows: FleetRowDto[];
  /** fleet file's own trouble, shown on top when the file on disk no longer loads */
  fileError: Required<ErrorFacts> | null;
};
