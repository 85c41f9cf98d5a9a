'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { useFormAction } from '@/components/checklist/use-form-action';
import { useWizard } from '@/components/checklist/wizard-context';
import { Button } from '@/components/ui/button';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import type { DecisionDto } from '@/lib/views/dto';

function ConfirmSecond({ decision }: { decision: DecisionDto }) {
  const { view, actions, firstKey, refresh } = useWizard();
  const override = decision.act === 'override';
  const { state, post, pending, key } = useFormAction(
    override ? actions.confirmOverride : actions.confirmSecondPerson,
    firstKey,
    refresh,
  );
  return (
    <form action={post} className="flex flex-wrap items-center gap-3">
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="cutoverId" value={view.id} />
      {override ? (
        <input type="hidden" name="stepId" value={decision.stepId} />
      ) : (
        <>
          <input type="hidden" name="act" value={decision.act} />
          <input type="hidden" name="planDigest" value={decision.planDigest ?? ''} />
          <input type="hidden" name="seenLoss" value={decision.loss?.count ?? 'unknown'} />
        </>
      )}
      <Button type="submit" size="sm" busy={pending ? 'Confirming…' : undefined}>
        Confirm as the second person
      </Button>
      <FormAnswer state={state} />
    </form>
  );
}

/** Until it is asked for, a rollback may stand in nobody's inbox. */
function AskSecond({ ask, act }: { ask: NonNullable<DecisionDto['secondPerson']['ask']>; act: DecisionDto['act'] }) {
  const { view, actions, firstKey, refresh } = useWizard();
  const { state, post, pending, key } = useFormAction(actions.askSecondPerson, firstKey, refresh);
  if (ask.askedAt)
    return (
      <p className="text-12 text-t2" role="status">
        In the inbox of whoever may be it, asked <Time iso={ask.askedAt} />.
      </p>
    );
  return (
    ask.mayAsk && (
      <form action={post} className="flex flex-wrap items-center gap-3">
        <input type="hidden" name="key" value={key} />
        <input type="hidden" name="cutoverId" value={view.id} />
        <input type="hidden" name="act" value={act} />
        <Button type="submit" size="sm" busy={pending ? 'Asking…' : undefined}>
          Ask for a second person
        </Button>
        <FormAnswer state={state} />
      </form>
    )
  );
}

/** Who stands for the loss besides the one who presses. */
export function SecondPerson({ decision }: { decision: DecisionDto }) {
  const { needed, by, at, mayConfirm, reason, ask } = decision.secondPerson;
  if (!needed) return null;
  if (by)
    return (
      <p className="flex items-center gap-2 text-13 text-green">
        <StatusGlyph status="passed" />
        <span>
          Second person: {by}
          {at && (
            <>
              , <Time iso={at} />
            </>
          )}
        </span>
      </p>
    );
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-13">
      <span className="flex items-center gap-2 text-amber">
        <StatusGlyph status="waiting" /> {reason ?? 'Waits for a second person.'}
      </span>
      {mayConfirm && <ConfirmSecond decision={decision} />}
      {ask && !mayConfirm && <AskSecond ask={ask} act={decision.act} />}
    </div>
  );
}
