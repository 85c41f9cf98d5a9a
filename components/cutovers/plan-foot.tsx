'use client';
import type { ReactNode } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { Button } from '@/components/ui/button';
import { PanelFoot } from '@/components/ui/panel';
import type { ActionState } from '@/lib/views/action-result';
import { Planned } from './planned';

type Props = {
  state: ActionState;
  pending: boolean;
  button: string;
  disabledReason: string | undefined;
  /** Link to what was planned. */
  planned: string;
  /** At the foot of a narrow screen (Default: true); false where the fields above have to be filled first, which it would cover. */
  pinned?: boolean;
  /** What would be planned, until the first press. */
  children?: ReactNode;
};

/** The end of a form that plans: what the server said to the press, and the button. */
export const PlanFoot = ({ state, pending, button, disabledReason, planned, pinned = true, children }: Props) => (
  <PanelFoot pinned={pinned} className={pinned ? undefined : 'max-md:flex-col max-md:items-stretch'}>
    <div className="min-w-0 flex-1">
      {state.ok === null && children}
      {state.ok === false && <FormAnswer state={state} />}
      <Planned state={state} label={planned} />
    </div>
    <Button type="submit" variant="primary" busy={pending ? 'Planning…' : undefined} disabledReason={disabledReason}>
      {button}
    </Button>
  </PanelFoot>
);
