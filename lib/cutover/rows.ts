import type {
  attempt,
  checklistTick,
  checkpoint,
  cutover,
  fact,
  finding,
  override,
  plan,
  secondPerson,
  signOff,
} from '@/db/schema';
import type { Signer } from '@/db/queries/person/read-signers';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import type { PinnedEntry } from './pin-entry';

export type CutoverRow = typeof cutover.$inferSelect;
export type AttemptRow = typeof attempt.$inferSelect;
/** Without evidence: what decides a status, not what proves it. */
export type CheckpointHead = Pick<
  typeof checkpoint.$inferSelect,
  'id' | 'stepId' | 'attemptId' | 'key' | 'claim' | 'verdict' | 'digest' | 'at'
>;
/** Without its lines. */
export type PlanHead = Pick<typeof plan.$inferSelect, 'attemptId' | 'stepId' | 'digest' | 'loss' | 'madeAt'>;

/** Everything that statuses are derived from, as one reading of the control plane. Lists are oldest first. */
export type CutoverRows = {
  now: Date;
  cutover: CutoverRow;
  runbook: Runbook;
  entry: PinnedEntry;
  attempts: AttemptRow[];
  checkpoints: CheckpointHead[];
  plans: PlanHead[];
  signOffs: (typeof signOff.$inferSelect)[];
  /** Who may decide for roles of its sign-offs; empty where they have none. */
  signers: Signer[];
  ticks: (typeof checklistTick.$inferSelect)[];
  overrides: (typeof override.$inferSelect)[];
  secondPersons: (typeof secondPerson.$inferSelect)[];
  findings: Pick<
    typeof finding.$inferSelect,
    'key' | 'stepId' | 'code' | 'tableName' | 'columnName' | 'rule' | 'rules' | 'blocking'
  >[];
  facts: (typeof fact.$inferSelect)[];
};
