'use client';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { useFormAction } from '@/components/checklist/use-form-action';
import { pressMark } from '@/components/checklist/own-press';
import { useWizard } from '@/components/checklist/wizard-context';
import { PressFields } from '@/components/forms/press-fields';
import { ReasonField } from '@/components/forms/reason-field';
import { useDraft } from '@/components/forms/use-draft';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { DecisionDto } from '@/lib/views/dto';
import { closedReason, decisionPost, typeWords } from './decision-state';
import { SecondPerson } from './second-person';

type Props = {
  decision: DecisionDto;
  cancel: ReactNode;
  onDone: () => void /** Before hydration nothing can be typed into state: the server decides. */;
  alive: boolean;
};

/** Typed id, reason and password where needed, and the act itself at the end of the row. */
export function DecisionForm({ decision, cancel, onDone, alive }: Props) {
  const { view, actions, firstKey, refresh, held } = useWizard();
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const [reason, setReason] = useDraft(`reason ${view.id} ${decision.act} ${decision.stepId}`);
  const [seenDigest, setSeenDigest] = useState(decision.planDigest);
  const target = decisionPost(decision, view.id);
  const { state, post, pending, key } = useFormAction(actions[target.action], firstKey, () => {
    setReason('');
    const { act, button: label, busy } = decision;
    if (seen.current !== null && act !== 'override') held.took({ act, label, busy, seen: seen.current });
    refresh();
    onDone();
  });
  const seen = useRef<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  // What was typed, or filled in by the browser, before the page was alive.
  useLayoutEffect(() => {
    const fields = new FormData(form.current ?? undefined);
    setTyped(String(fields.get('typedId') ?? ''));
    setPassword(String(fields.get('password') ?? ''));
  }, []);
  const closed = alive ? closedReason(decision, { typed, password, reason, seenDigest }) : decision.closedReason;
  // Said above: with the button of whoever may be it, and over the empty field.
  const secondWaits = decision.secondPerson.by ? null : decision.secondPerson.reason;
  const saidAbove = closed === secondWaits || (typed === '' && closed === typeWords(decision));
  const changed = decision.planDigest !== seenDigest;
  const fieldErrors = state.ok === false ? state.fieldErrors : undefined;
  return (
    <div className="border-t border-line px-6 py-4 max-md:px-4">
      <SecondPerson decision={decision} />
      <form
        ref={form}
        id="decision"
        action={post}
        onSubmit={() => {
          seen.current = pressMark(view, decision.act);
        }}
        className="mt-3 flex flex-col gap-3 first:mt-0"
      >
        <PressFields formKey={key} fields={target.fields} />
        {decision.reasonNeeded && (
          <ReasonField
            hint="It is kept in the audit log and shown for ever."
            error={fieldErrors?.reason}
            text={reason}
            onText={setReason}
            rows={2}
          />
        )}
        <Field
          label={
            <>
              Type <code className="font-mono font-medium text-t1">{decision.typedId}</code> to go on
            </>
          }
          error={fieldErrors?.typedId}
        >
          {(id, describedBy, invalid) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              invalid={invalid}
              name="typedId"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {decision.passwordNeeded && (
          <Field label="Your password" error={fieldErrors?.password}>
            {(id, describedBy, invalid) => (
              <Input
                id={id}
                aria-describedby={describedBy}
                invalid={invalid}
                type="password"
                name="password"
                autoComplete="current-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
        )}
        {state.ok === false && <FormAnswer state={state} />}
        <div className="mt-1 flex items-center gap-3 max-md:flex-col max-md:items-stretch">
          <p className="min-w-0 flex-1 text-12 text-t3" role="status">
            {closed && !pending && !saidAbove ? closed : decision.signedInText}
            {changed && (
              <button
                type="button"
                onClick={() => setSeenDigest(decision.planDigest)}
                className="ml-2 text-blue underline"
              >
                I have read it
              </button>
            )}
          </p>
          <div className="flex shrink-0 items-center gap-2 max-md:grid max-md:grid-cols-[112px_1fr]">
            {cancel}
            <Button
              type="submit"
              variant={decision.losing ? 'danger-fill' : 'primary'}
              busy={pending || state.ok === true ? decision.busy : undefined}
              disabledReason={closed ?? undefined}
            >
              {decision.button}
            </Button>
          </div>
        </div>
      </form>
    </div>
  );
}
