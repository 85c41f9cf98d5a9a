'use client';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLiveStatus } from '@/components/live/use-live-status';
import { Button } from '@/components/ui/button';
import { useHeldSince } from '@/components/ui/clock';
import { Strip } from '@/components/ui/strip';
import { Time } from '@/components/ui/time';
import type { FormAction } from '@/lib/views/action-result';
import type { WizardDto } from '@/lib/views/dto';
import { FormAnswer } from './form-answer';
import { useFormAction } from './use-form-action';
import { useWizard } from './wizard-context';

function Confirm({ action, label, busy }: { action: FormAction; label: string; busy: string }) {
  const { view, firstKey, refresh } = useWizard();
  const { state, post, pending, key } = useFormAction(action, firstKey, refresh);
  return (
    <form action={post} className="ml-auto flex items-center gap-3">
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="cutoverId" value={view.id} />
      {state.ok === false && <FormAnswer state={state} />}
      <Button type="submit" size="sm" busy={pending ? busy : undefined}>
        {label}
      </Button>
    </form>
  );
}

const Said = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2">{children}</div>
);

/** The last reading is too old to count on from: says of when everything below is. */
export function HeldNotice() {
  const heldMs = useHeldSince();
  const lost = useLiveStatus().kind === 'lost';
  if (heldMs === null || lost) return null;
  return (
    <Strip tone="amber">
      <b className="font-medium">
        As of <Time iso={new Date(heldMs).toISOString()} />.
      </b>{' '}
      The console has not answered since. Work continues on the server. Reading again…
    </Strip>
  );
}

/** What happened behind this page's back: files that were edited since the start. */
export function WizardNotices({ view }: { view: WizardDto }) {
  const { actions } = useWizard();
  return (
    view.drifted && (
      <Strip tone="amber" icon={<TriangleAlert size={16} />}>
        <Said>
          <span>
            <b className="font-medium">The {view.drifted.file} file was edited since this cutover started.</b>{' '}
            {view.drifted.text}
          </span>
          <Confirm action={actions.adoptFiles} label="Adopt the new files" busy="Adopting…" />
        </Said>
      </Strip>
    )
  );
}
