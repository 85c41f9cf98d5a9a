import type { SessionContext } from '@/lib/auth/actor';
import { lossIsOld, type LossSeen, lossSeen, needsSecondPerson } from '@/lib/cutover/loss';
import type { Opened } from '@/lib/cutover/press';
import {
  groupDigest,
  membersGoingBack,
  membersOfPress,
  type SwitchGroup,
  unreadyWords,
} from '@/lib/cutover/switch-group';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { DecisionDto } from '@/lib/views/dto';
import { toLoss } from './loss';

/** What a card says of all profiles that its press covers. */
export type PressGroup = {
  /** Source ids beside the one whose card it is. */
  others: string[];
  /** Of the plans of all; of one alone its own. */
  planDigest: string | null;
  /** Why it cannot be pressed for all of them. */
  unready: string | null;
  losses: (ReturnType<typeof toLoss> | null)[];
  lossOld: boolean;
  /** Over all of them. */
  lossSeen: LossSeen;
  secondNeeded: boolean;
};

/** @param open as the page was read; its rows are this card's own */
export async function pressGroupOf(
  { db }: SessionContext,
  open: Opened,
  act: DecisionDto['act'],
  step: DerivedStep,
): Promise<PressGroup> {
  const group = await groupOf(db, open, act, step);
  const turns = group.members.map(({ rows, steps }) => ({
    rows,
    step: steps.find(({ id }) => id === step.id) ?? step,
  }));
  const mine = turns.length === 1;
  return {
    others: group.members.filter(({ rows }) => rows !== open.rows).map(({ rows }) => rows.cutover.sourceId),
    planDigest: mine
      ? (step.plan?.digest ?? null)
      : groupDigest(
          turns.map(({ rows, step: own }) => ({ sourceId: rows.cutover.sourceId, digest: own.plan?.digest ?? null })),
        ),
    unready: group.unready.length ? `The process serves ${unreadyWords(group.unready)}.` : null,
    losses: turns.map(({ rows, step: own }) =>
      own.plan?.loss ? toLoss(own.plan.loss, rows.cutover.switchedAt) : null,
    ),
    lossOld: turns.some(({ rows, step: own }) => own.plan && lossIsOld(rows, own.plan.madeAt)),
    lossSeen: lossSeen(turns.map(({ step: own }) => own.plan)),
    secondNeeded:
      (act === 'rollback' || act === 'data-rollback') &&
      turns.some(({ rows, step: own }) => needsSecondPerson(rows, act, own.plan?.loss)),
  };
}

async function groupOf(
  db: SessionContext['db'],
  open: Opened,
  act: DecisionDto['act'],
  step: DerivedStep,
): Promise<SwitchGroup> {
  if (act === 'switch') return membersOfPress(db, open, step);
  if (act === 'rollback') return { members: await membersGoingBack(db, open), unready: [] };
  return { members: [open], unready: [] };
}

/** The rows of all of them as one list; null when those of one could not be counted. */
export function lossOfGroup({ losses }: PressGroup): DecisionDto['loss'] {
  const [first] = losses;
  if (!first || losses.length === 1) return first ?? null;
  const all = losses.flatMap((loss) => (loss ? [loss] : []));
  if (all.length < losses.length) return null;
  return {
    ...first,
    count: all.reduce((sum, { count }) => sum + BigInt(count), 0n).toString(),
    rows: all.flatMap(({ rows }) => rows),
    digest: all.map(({ digest }) => digest).join('.'),
  };
}
