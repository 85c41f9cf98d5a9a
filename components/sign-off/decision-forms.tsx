'use client';
import type { ReactNode } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { useFormAction } from '@/components/checklist/use-form-action';
import { PressFields } from '@/components/forms/press-fields';
import { reasonIsShort, shortReasonWords } from '@/components/forms/reason';
import { ReasonField } from '@/components/forms/reason-field';
import { useDraft } from '@/components/forms/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog, DialogCancel, DialogContent, DialogSub, DialogTitle } from '@/components/ui/dialog';
import type { FormAction } from '@/lib/views/action-result';
import type { ReviewsDto } from '@/lib/views/dto';
import { asksTerms, SignTerms } from './sign-terms';

type Selected = NonNullable<ReviewsDto['selected']>;
export type DecisionProps = {
  selected: Selected;
  signOff: FormAction;
  firstKey: string;
  onDone: () => void;
};

/** Which state is decided on, and how. */
const fieldsOf = ({ cutoverId, stepId, fingerprint }: Selected, decision: 'signed' | 'rejected') => ({
  cutoverId,
  stepId,
  fingerprint,
  decision,
});

const SignFoot = ({ lead, cancel, children }: { lead: boolean; cancel?: ReactNode; children: ReactNode }) =>
  lead ? (
    <div className="mt-6 flex flex-wrap justify-end gap-2 max-md:grid max-md:grid-cols-[112px_1fr]">
      {cancel}
      {children}
    </div>
  ) : (
    children
  );

/** In the bar one press signs; in the dialog (`lead`) it asks for role and reference first. */
export function SignForm({
  selected,
  signOff,
  firstKey,
  onDone,
  lead = false,
  cancel,
}: DecisionProps & { lead?: boolean; cancel?: ReactNode }) {
  const { state, post, pending, key } = useFormAction(signOff, firstKey, onDone);
  return (
    <form action={post} className={lead ? 'block' : 'contents'}>
      <PressFields formKey={key} fields={fieldsOf(selected, 'signed')} />
      {lead && <SignTerms selected={selected} errors={state.ok === false ? state.fieldErrors : undefined} />}
      <SignFoot lead={lead} cancel={cancel}>
        <Button
          type="submit"
          variant="primary"
          size={lead ? 'md' : undefined}
          className="max-md:h-12"
          busy={pending ? 'Signing…' : undefined}
          disabledReason={selected.signOff.disabledReason ?? undefined}
        >
          {selected.signOff.label}
        </Button>
        {state.ok === false && <FormAnswer state={state} className="order-first basis-full max-md:col-span-2" />}
      </SignFoot>
    </form>
  );
}

/** Asks again before a signature: what is signed, and where the runbook wants it, as whom and under which reference. */
export function AskSign({ open, onClose, ...props }: DecisionProps & { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent width={480} short={!asksTerms(props.selected)}>
        <div className="p-6">
          <DialogTitle>Sign off {props.selected.sourceId}?</DialogTitle>
          <DialogSub>{props.selected.claim}</DialogSub>
          <SignForm
            {...props}
            lead
            cancel={<DialogCancel className="max-md:h-12">Cancel</DialogCancel>}
            onDone={() => {
              props.onDone();
              onClose();
            }}
          />
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** A rejection needs a reason. */
export function AskReject({
  open,
  onClose,
  selected,
  signOff,
  firstKey,
  onDone,
}: DecisionProps & { open: boolean; onClose: () => void }) {
  const [reason, setReason] = useDraft(`reject ${selected.cutoverId} ${selected.stepId}`);
  const { state, post, pending, key } = useFormAction(signOff, firstKey, () => {
    setReason('');
    onDone();
    onClose();
  });
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent width={480}>
        <form action={post} className="p-6">
          <PressFields formKey={key} fields={fieldsOf(selected, 'rejected')} />
          <DialogTitle>
            Reject {selected.sourceId}, {selected.gate.toLowerCase()}
          </DialogTitle>
          <DialogSub>
            {selected.reject.consequence ||
              'The gate stays closed until the operator changes something and a reviewer signs the new state.'}
          </DialogSub>
          <SignTerms selected={selected} errors={state.ok === false ? state.fieldErrors : undefined} />
          <div className="mt-4">
            <ReasonField
              hint="What it stops and what should change, at least 8 characters."
              error={state.ok === false ? state.fieldErrors?.reason : undefined}
              text={reason}
              onText={setReason}
            />
          </div>
          {state.ok === false && <FormAnswer state={state} className="mt-3" />}
          <div className="mt-5 flex justify-end gap-2">
            <DialogCancel>Cancel</DialogCancel>
            <Button
              type="submit"
              variant="danger"
              busy={pending ? 'Rejecting…' : undefined}
              disabledReason={reasonIsShort(reason) ? shortReasonWords : undefined}
            >
              Reject
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  );
}
