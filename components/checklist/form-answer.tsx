import { ErrorLine } from '@/components/ui/error-panel';
import type { ActionState } from '@/lib/views/action-result';

/** What the server said to a press, where it happened: what, where, what to do, code. */
export function FormAnswer({ state, className }: { state: ActionState; className?: string }) {
  if (state.ok === null || (state.ok && !state.message)) return <span aria-live="polite" />;
  return (
    <div aria-live="polite" className={className}>
      {state.ok ? <p className="text-13 text-t2">{state.message}</p> : <ErrorLine error={state.error} />}
    </div>
  );
}
