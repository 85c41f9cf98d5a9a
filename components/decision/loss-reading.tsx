'use client';
import { startTransition, useEffect, useRef } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { useFormAction } from '@/components/checklist/use-form-action';
import { useWizard } from '@/components/checklist/wizard-context';
import { Button } from '@/components/ui/button';
import { useServerNow } from '@/components/ui/clock';
import { Age, Time } from '@/components/ui/time';
import type { DecisionDto } from '@/lib/views/dto';

type Reading = NonNullable<DecisionDto['lossReading']>;
/** While the card is open the loss is read again when it is older than this; users write on meanwhile. */
const rereadMs = 20_000;

/** When the rows that would be lost were read, and reading them again: by itself while the card is open, or by hand. */
export function LossReading({ reading, counted }: { reading: Reading; counted: boolean }) {
  const { view, actions, firstKey, refresh } = useWizard();
  const { state, post, pending, key } = useFormAction(actions.makePlan, firstKey, refresh);
  const form = useRef<HTMLFormElement>(null);
  const asked = useRef<string | null>(null);
  const nowMs = useServerNow(1_000);
  const due = reading.mayRead && !reading.reading && !pending && nowMs - Date.parse(reading.readAt) > rereadMs;
  useEffect(() => {
    if (!due || asked.current === reading.readAt || !form.current) return;
    asked.current = reading.readAt;
    const fields = new FormData(form.current);
    startTransition(() => post(fields));
  }, [due, reading.readAt, post]);
  return (
    <div className="mx-6 mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-12 text-t2 max-md:mx-4">
      <p role="status">
        {reading.reading || pending ? (
          'Reading both sides again…'
        ) : (
          <>
            {counted ? 'Both sides were compared' : 'Comparing both sides was tried, without an answer,'}{' '}
            {/* Counts on in sight; a reader is told the time once. */}
            <Age iso={reading.readAt} hidden />
            <span className="sr-only">
              at <Time iso={reading.readAt} />
            </span>
            . Users write on until you press.
          </>
        )}
      </p>
      {reading.mayRead && (
        <form ref={form} action={post} className="ml-auto flex items-center gap-2">
          <input type="hidden" name="key" value={key} />
          <input type="hidden" name="cutoverId" value={view.id} />
          <input type="hidden" name="stepId" value={reading.stepId} />
          <Button type="submit" size="sm" busy={pending || reading.reading ? 'Reading…' : undefined}>
            Read again
          </Button>
        </form>
      )}
      {state.ok === false && state.error.code !== 'step_running' && <FormAnswer state={state} className="basis-full" />}
    </div>
  );
}
