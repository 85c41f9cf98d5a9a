import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { Wizard } from '@/components/checklist/wizard';
import { readPlace } from '@/components/checklist/wizard-url';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildDecision } from '@/lib/views/decision';
import { buildWizard } from '@/lib/views/wizard';
import { orNotFound } from '@/app/(console)/or-not-found';
import * as actions from './actions';

export const metadata: Metadata = { title: 'Cutover' };

type Query = Record<string, string | string[] | undefined>;
const firstOf = (query: Query) => ({ get: (name: string) => [query[name]].flat()[0] ?? null });

export default async function CutoverPage(props: {
  params: Promise<{ cutoverId: string }>;
  searchParams: Promise<Query>;
}) {
  const { cutoverId } = await props.params;
  const { stepId, card } = readPlace(firstOf(await props.searchParams));
  const ctx = await requirePageSession();
  const view = await orNotFound(buildWizard(ctx, { cutoverId, ...(stepId ? { stepId } : {}) }));
  const decision = card
    ? await orNotFound(
        buildDecision(ctx, { cutoverId, act: card.act, ...(card.stepId ? { stepId: card.stepId } : {}) }),
      )
    : null;
  return (
    <Wizard
      initial={view}
      initialDecision={decision}
      firstKey={randomUUID()}
      actions={{
        runStep: actions.runStepAction,
        makePlan: actions.makePlanAction,
        cancelAttempt: actions.cancelAttemptAction,
        chooseRule: actions.chooseRuleAction,
        tickItem: actions.tickItemAction,
        addNote: actions.addNoteAction,
        remindReviewers: actions.remindReviewersAction,
        rollBack: actions.rollBackAction,
        askSecondPerson: actions.askSecondPersonAction,
        confirmSecondPerson: actions.confirmSecondPersonAction,
        overrideStep: actions.overrideStepAction,
        confirmOverride: actions.confirmOverrideAction,
        abandon: actions.abandonAction,
        adoptFiles: actions.adoptFilesAction,
        confirmOutsideAct: actions.confirmOutsideActAction,
      }}
    />
  );
}
