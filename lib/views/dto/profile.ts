import type { CutoverRowDto } from './cutovers';
import type { ModeDto } from './fleet';
import type { TargetUnread } from '@/lib/shared/target-unread';
import type { WayBackLight } from '@/lib/shared/statuses';

/** Rows of users that a rollback left in the target, in one line, and the cutover that left them. Moments in UTC. */
export type LeftAsideDto = { text: string; cutoverId: string };

export type ProfileDto = {
  now: string;
  system: string;
  systemTitle: string;
  sourceId: string;
  title: string | null;
  /** Where its runbook leads. */
  targetMode: string;
  mode: ModeDto;
  healthy: boolean | null;
  latencyMs: number | null;
  wayBack: { light: WayBackLight; text: string };
  primary: { label: string; href: string } | null;
  /** Why a cutover cannot start by what the fleet file says; null when it may, or when one is open. */
  blocker: { cause: string; advice: string } | null;
  /** Why its source could not be read at the newest look; null when it was. */
  unread: { message: string; advice: string; code: string } | null;
  /** Why its target could not be read, and since when; null when the newest look read it. */
  targetUnread: TargetUnread | null;
  leftAside?: LeftAsideDto | null;
  openCutover: { id: string; badge: CutoverRowDto['badge']; headline: string } | null;
  /** `answered`: it did, with whatever status; its error says the rest. */
  instances: {
    url: string;
    observed: string | null;
    answered: boolean;
    latencyMs: number | null;
    error: string | null;
  }[];
  chart: {
    /** `read: false`: from here on nothing was read, until the next point. */
    points: { at: string; latencyMs: number | null; observed: string | null; read: boolean }[];
    marks: { at: string; text: string }[];
  };
  counts: { table: string; source: string | null; target: string | null; difference: string; equal: boolean | null }[];
  countedAt: string | null;
  /** What has happened since the counts were read, so that they are no verdict on now; null where nothing has. */
  countedBefore: { what: string; at: string | null } | null;
  sourceBytes: string | null;
  targetBytes: string | null;
  snapshots: {
    id: string;
    kind: 'source' | 'target' | 'export';
    takenAt: string;
    verifiedAt: string | null;
    bytes: string;
    digest: string;
    path: string;
    cutoverId: string;
    /** What made it: title of the step, and when its cutover was planned. */
    step?: string;
    cutoverAt?: string;
    rows: string | null;
    /** The worker removes it after this; null while its cutover has not ended. */
    keptUntil: string | null;
    /** The file is gone since; row and digest stay. */
    deletedAt: string | null;
  }[];
  cutovers: CutoverRowDto[];
  registry: {
    sourceId: string;
    schema: string;
    createdAt: string | null;
    valid: boolean | null;
    problem: string | null;
  }[];
  configuration: {
    name: string;
    where: 'env file' | 'secret';
    set: boolean;
    mayWrite: boolean;
    value: string | null;
  }[];
  neighbours: { sourceId: string; shares: string }[];
};
