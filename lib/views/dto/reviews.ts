import type { ActDto, OverrideSaidDto, SignOffRoleDto } from './step';
import type { CheckpointResult, FindingShown, RowDiffSummary } from '@/lib/shared/evidence';
import type { StepStatus } from '@/lib/shared/statuses';

export type ReviewItemDto = {
  /** A sign-off is decided on the page of reviews; what waits for a second person, on the cutover's own. */
  kind: 'sign-off' | 'rollback' | 'override';
  href: string;
  cutoverId: string;
  stepId: string;
  system: string;
  sourceId: string;
  gate: string;
  /** T-0 as planned until the switch, then the switch itself. */
  t0: string;
  waitingSince: string | null;
  blocks: string;
  mine: boolean;
  /** Somebody asks this person again to decide: on top of the queue. */
  reminder: { by: string; at: string } | null;
  done: 'signed' | 'rejected' | null;
  doneBy: string | null;
  doneAt: string | null;
};

export type ReviewsDto = {
  now: string;
  items: ReviewItemDto[];
  selected: null | {
    cutoverId: string;
    stepId: string;
    system: string;
    sourceId: string;
    gate: string;
    /** What the signature opens: the switch, or the end of the window after it. */
    about: 'switch' | 'close';
    /** T-0 as planned until the switch, then the switch itself. */
    t0: string;
    askedBy: string;
    askedAt: string | null;
    claim: string;
    claimStatus: StepStatus;
    sub: string;
    /** What went on without a verdict among the covered steps. */
    overrides: OverrideSaidDto[];
    changed: {
      lookedAt: string;
      parts: { part: string; before: string; after: string; detail: string }[];
      same: string[];
    } | null;
    checkpoints: (CheckpointResult & { stepId: string; stepTitle: string; at: string })[];
    /** Items of the covered checklists, with what the person wrote who ticked them. */
    ticked: { text: string; note: string; by: string; at: string }[];
    rowDiff: RowDiffSummary | null;
    findings: FindingShown[];
    covers: { part: string; value: string }[];
    coversNote: string;
    fingerprint: string;
    comments: { by: string; initials: string; at: string; text: string }[];
    unlocks: string;
    own: string | null;
    signOff: ActDto;
    reject: ActDto;
    decided: {
      decision: 'signed' | 'rejected';
      by: string;
      at: string;
      reason: string | null;
      stale: string | null;
      reference: string | null;
    } | null;
    /** Who decides, role by role; empty where one reviewer does. */
    roles: SignOffRoleDto[];
    approvalReference: 'none' | 'optional' | 'required';
    logHref: string;
  };
};
