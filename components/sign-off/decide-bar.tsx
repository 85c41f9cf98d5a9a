'use client';
import { useState } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { useFormAction } from '@/components/checklist/use-form-action';
import { reasonIsShort, shortReasonWords } from '@/components/forms/reason';
import { ReasonField } from '@/components/forms/reason-field';
import { useDraft } from '@/components/forms/use-draft';
import { Button } from '@/components/ui/button';
import { Dialog, DialogCancel, DialogContent, DialogSub, DialogTitle } from '@/components/ui/dialog';
import { useHotkeys } from '@/components/ui/hotkeys';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import type { FormAction } from '@/lib/views/action-result';
import type { ReviewsDto } from '@/lib/views/dto';
import { boldParts } from './review-queue-state';

type Selected = NonNullable<ReviewsDto['selected']>;
type Props = {
  selected: Selected;
  signOff: FormAction;
  firstKey: string;
  onDone: () => void;
};
type BarProps = Props & {
  /** A person is deciding on this one: no live update may bring another. */
  onAsk: () => void;
};

function HiddenFields({
  selected,
  decision,
  formKey,
}: {
  selected: Selected;
  decision: 'signed' | 'rejected';
  formKey: string;
}) {
  const fields = {
    key: formKey,
    cutoverId: selected.cutoverId,
    stepId: selected.stepId,
    fingerprint: selected.fingerprint,
    decision,
  };
  return Object.entries(fields).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}

function SignForm({ selected, signOff, firstKey, onDone, lead }: Props & { lead?: boolean }) {
  const { state, post, pending, key } = useFormAction(signOff, firstKey, onDone);
  return (
    <form action={post} className="contents">
      <HiddenFields selected={selected} decision="signed" formKey={key} />
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
    </form>
  );
}

function AskSign({ open, onClose, ...props }: Props & { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent width={480}>
        <div className="p-6">
          <DialogTitle>Sign off {props.selected.sourceId}?</DialogTitle>
          <DialogSub>{props.selected.claim}</DialogSub>
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <DialogCancel>Cancel</DialogCancel>
            <SignForm
              {...props}
              lead
              onDone={() => {
                props.onDone();
                onClose();
              }}
            />
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}

function AskReject({
  open,
  onClose,
  selected,
  signOff,
  firstKey,
  onDone,
}: Props & { open: boolean; onClose: () => void }) {
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
          <HiddenFields selected={selected} decision="rejected" formKey={key} />
          <DialogTitle>
            Reject {selected.sourceId}, {selected.gate.toLowerCase()}
          </DialogTitle>
          <DialogSub>
            {selected.reject.consequence ||
              'The gate stays closed until the operator changes something and a reviewer signs the new state.'}
          </DialogSub>
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

function Decided({ decided }: { decided: NonNullable<Selected['decided']> }) {
  return (
    <p className="min-w-0 flex-1 text-13 text-t2">
      <StatusWord status={decided.stale ? 'stale' : decided.decision === 'signed' ? 'passed' : 'failed'}>
        {decided.decision === 'signed' ? 'Signed' : 'Rejected'} <Time iso={decided.at} />
      </StatusWord>{' '}
      by {decided.by}
      {decided.stale && <span className="text-amber">, {decided.stale}</span>}
      {decided.reason && (
        <span className="line-clamp-3 block break-words" title={decided.reason}>
          {decided.reason}
        </span>
      )}
    </p>
  );
}

/** The decision at the foot: what it unlocks, or why this person may not take it. */
export function DecideBar({ onAsk, ...props }: BarProps) {
  const { selected } = props;
  const [asking, setAsking] = useState<'sign' | 'reject' | null>(null);
  const ask = (what: 'sign' | 'reject') => {
    onAsk();
    setAsking(what);
  };
  const closed = selected.signOff.disabledReason;
  // A rejection may be taken back by deciding again; a signature stands until it is stale.
  const settled = selected.decided?.decision === 'signed' && selected.decided.stale === null;
  useHotkeys({
    s: () => !settled && !closed && ask('sign'),
    r: () => !settled && !selected.reject.disabledReason && ask('reject'),
  });
  return (
    <footer className="flex min-h-16 shrink-0 flex-wrap items-center gap-3 border-t border-line bg-s1 px-8 py-3 max-md:sticky max-md:bottom-0 max-md:z-20 max-md:grid max-md:grid-cols-[96px_1fr] max-md:px-4 max-md:pb-4">
      {selected.decided && settled ? (
        <Decided decided={selected.decided} />
      ) : (
        <>
          <div className="min-w-0 flex-1 max-md:col-span-2">
            {selected.decided && <Decided decided={selected.decided} />}
            <p className="text-13 text-t2">
              {selected.own ??
                boldParts(selected.unlocks).map((part) =>
                  part.bold ? (
                    <b key={part.text} className="font-semibold text-t1">
                      {part.text}
                    </b>
                  ) : (
                    part.text
                  ),
                )}
            </p>
          </div>
          <Button
            variant="danger"
            className="max-md:h-12"
            onClick={() => ask('reject')}
            disabledReason={selected.reject.disabledReason ?? undefined}
          >
            {selected.reject.label}
          </Button>
          <SignForm {...props} />
        </>
      )}
      <AskSign {...props} open={asking === 'sign'} onClose={() => setAsking(null)} />
      <AskReject {...props} open={asking === 'reject'} onClose={() => setAsking(null)} />
    </footer>
  );
}
