import { reasonIsShort, shortReasonWords } from '@/components/forms/reason';
import { formatCount } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import type { DecisionDto } from '@/lib/views/dto';

export type DecisionInput = {
  typed: string;
  password: string;
  reason: string /** Digest of the plan the person has read. */;
  seenDigest: string | null;
};

export const typeWords = ({ typedId }: Pick<DecisionDto, 'typedId'>): string => `Type ${typedId} to go on.`;

/** Why the last button may not be pressed yet; null when it may. The server decides again at the press. */
export function closedReason(decision: DecisionDto, input: DecisionInput): string | null {
  if (decision.closedReason) return decision.closedReason;
  if (decision.planDigest !== input.seenDigest) return 'The plan changed while this was open. Read it again.';
  if (decision.reasonNeeded && reasonIsShort(input.reason)) return shortReasonWords;
  if (input.typed !== decision.typedId) return typeWords(decision);
  if (decision.passwordNeeded && !input.password) return 'Type your password to go on.';
  return null;
}

export type DecisionPost = {
  action: 'runStep' | 'rollBack' | 'abandon' | 'overrideStep';
  fields: Record<string, string>;
};

/** Which verb the last button calls, with the digest that was read. */
export function decisionPost({ act, stepId, ...decision }: DecisionDto, cutoverId: string): DecisionPost {
  const planDigest = decision.planDigest ?? '';
  switch (act) {
    case 'rollback':
      return { action: 'rollBack', fields: { cutoverId, kind: 'runtime', planDigest } };
    case 'data-rollback':
      return { action: 'rollBack', fields: { cutoverId, kind: 'data', planDigest } };
    case 'abandon':
      return { action: 'abandon', fields: { cutoverId } };
    case 'override':
      return { action: 'overrideStep', fields: { cutoverId, stepId } };
    case 'repair':
    case 'close':
    case 'switch':
      return { action: 'runStep', fields: { cutoverId, stepId, planDigest } };
  }
}

/** Rows shown before a person asks for all of them. */
export const firstLost = 10;

const counted = (count: string): boolean => /^\d+$/.test(count);

/** "37 rows would be lost"; a count that could not be found is said as it is. */
export function lossTitle(count: string): string {
  if (!counted(count)) return `Rows would be lost: ${count}`;
  return `${countWords(count, 'row')} would be lost`;
}

export const lossAllText = (count: string): string => (counted(count) ? `All ${formatCount(count)} rows` : 'All rows');

/** There are more rows than the card shows at first. */
export const lossIsLonger = (loss: NonNullable<DecisionDto['loss']>): boolean =>
  loss.rows.length > 0 && (!counted(loss.count) || BigInt(loss.count) > BigInt(Math.min(loss.rows.length, firstLost)));
