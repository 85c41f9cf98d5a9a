import type { ActDto, WizardDto } from '@/lib/views/dto';

const same = (a: ActDto, b: ActDto | null): boolean => !!b && a.act === b.act && a.stepId === b.stepId;

/** Where the acts stand that are neither the page's primary nor its way out. */
export type ExtraActs = {
  /** Beside the sentence: what takes back. */
  sentence: ActDto[];
  /** In the head of the shown step: what stops it or runs it again. */
  step: ActDto[];
  /** Under its plan. */
  plan: ActDto | null;
};

const inSentence = new Set<ActDto['act']>(['data-rollback', 'rollback', 'confirm-outside', 'abandon']);
const inStep = new Set<ActDto['act']>(['run', 'retry', 'close', 'repair', 'cancel']);

/** Safe moves of a step that broke. One that rewrites rows and is the page's primary stands there alone: twice, in two colours, it reads
 *  as two acts. */
export const shownMoves = ({ step, next }: Pick<WizardDto, 'step' | 'next'>): ActDto[] =>
  step.moves.filter((move) => !(move.danger && same(move, next.act)));

/** Every act has one place: none is drawn twice, and one that cannot be pressed is left to the sentence that says why. */
export function extraActs(view: Pick<WizardDto, 'extra' | 'next' | 'exit' | 'step'>): ExtraActs {
  const free = view.extra.filter(
    (act) => !same(act, view.next.act) && !same(act, view.exit) && !view.step.moves.some((move) => same(act, move)),
  );
  return {
    sentence: free.filter((act) => inSentence.has(act.act) && !act.disabledReason),
    step: free.filter((act) => inStep.has(act.act) && !act.disabledReason),
    plan: free.find((act) => act.act === 'plan') ?? null,
  };
}
