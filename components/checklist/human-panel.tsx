'use client';
import { DraftText } from '@/components/forms/draft-text';
import { useDraft } from '@/components/forms/use-draft';
import { RoleList, rolesCount } from '@/components/sign-off/role-list';
import { cn } from '@/components/ui/cn';
import { Button, ButtonLink } from '@/components/ui/button';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import { WithCode } from '@/components/ui/with-code';
import { routes } from '@/lib/shared/routes';
import type { StepDetailDto } from '@/lib/views/dto';
import { FormAnswer } from './form-answer';
import { useFormAction } from './use-form-action';
import { useWizard } from './wizard-context';

type Item = StepDetailDto['checklist'][number];

function TickForm({ item, stepId, locked }: { item: Item; stepId: string; locked: string | null }) {
  const { view, actions, firstKey, place, go, refresh } = useWizard();
  const [note, setNote] = useDraft(`tick ${view.id} ${stepId} ${item.id}`);
  const { state, post, pending, key } = useFormAction(actions.tickItem, firstKey, () => {
    setNote('');
    refresh();
  });
  const write = (text: string) => {
    // Who writes has chosen this step: the page no longer follows the current one.
    if (!place.stepId) go({ ...place, stepId });
    setNote(text);
  };
  return (
    <form action={post} className="mt-2 flex items-start gap-2 max-md:flex-col max-md:items-stretch">
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="cutoverId" value={view.id} />
      <input type="hidden" name="stepId" value={stepId} />
      <input type="hidden" name="itemId" value={item.id} />
      <div className="min-w-0 flex-1">
        <DraftText
          name="note"
          text={note}
          onText={write}
          rows={1}
          required
          aria-label={`What you saw: ${item.text}`}
          placeholder="What you saw"
          className="min-h-9"
        />
        {state.ok === false && <FormAnswer state={state} className="mt-1" />}
      </div>
      <Button type="submit" busy={pending ? 'Ticking…' : undefined} disabledReason={locked ?? undefined}>
        Tick
      </Button>
    </form>
  );
}

function ChecklistItem({ item, step }: { item: Item; step: StepDetailDto }) {
  const { place, go } = useWizard();
  const { evidenceStep, tick } = item;
  return (
    <li className="border-t border-line px-4 py-3 first:border-t-0">
      <div className="flex items-start gap-2.5">
        <span className="mt-0.5 grid">
          <StatusGlyph status={tick ? 'passed' : step.status === 'locked' ? 'locked' : 'waiting'} />
        </span>
        <span className="sr-only">{tick ? 'ticked' : 'open'}</span>
        <p className="min-w-0 flex-1 text-13 text-t1">
          <WithCode text={item.text} />
        </p>
        {evidenceStep && (
          <button
            type="button"
            onClick={() => go({ ...place, stepId: evidenceStep, tab: 'checkpoints' })}
            className="shrink-0 text-12 text-blue underline-offset-2 hover:underline touch:h-11"
          >
            Evidence
          </button>
        )}
      </div>
      <div className="pl-[26px]">
        {tick ? (
          <p className="mt-1 text-12 text-t3">
            {tick.by} <Time iso={tick.at} /> <span className="text-t2">{tick.note}</span>
          </p>
        ) : (
          <TickForm
            item={item}
            stepId={step.id}
            locked={step.status === 'locked' ? (step.reason ?? 'The steps before have not passed.') : null}
          />
        )}
      </div>
    </li>
  );
}

function SignOffState({ step }: { step: StepDetailDto }) {
  const { view } = useWizard();
  const { signOff } = step;
  const roles = step.signRoles.length;
  return (
    <div className={cn('flex flex-wrap items-center gap-4 px-4 py-4', roles > 0 && 'border-t border-line')}>
      <div className="min-w-0 flex-1 text-13">
        {/* With roles the list above says who has decided and who has not. */}
        {!signOff && (roles === 0 || step.status === 'locked') && (
          <p className="text-t2">{step.reason ?? 'No reviewer has decided yet.'}</p>
        )}
        {signOff && (
          <div className="flex flex-wrap items-center gap-x-1.5 text-t1">
            <StatusWord status={signOff.stale ? 'stale' : signOff.decision === 'signed' ? 'passed' : 'failed'}>
              {signOff.decision}
            </StatusWord>
            <span>
              {roles > 0 && `by all ${roles} roles, last `}by {signOff.by}, <Time iso={signOff.at} />
              {signOff.stale && <span className="text-amber">, {signOff.stale}</span>}
            </span>
            {signOff.reason && <p className="basis-full text-t2">{signOff.reason}</p>}
          </div>
        )}
      </div>
      <ButtonLink href={routes.reviews(view.id, step.id)} size="sm">
        {signOff ? 'Open the review' : 'Open in Reviews'}
      </ButtonLink>
    </div>
  );
}

/** A step that a person answers: the checklist, or where its sign-off stands. */
export function HumanPanel({ step }: { step: StepDetailDto }) {
  const ticked = step.checklist.filter((item) => item.tick).length;
  return (
    <Panel id="checklist" className="mt-4 scroll-mt-4">
      <PanelHead
        title={step.human === 'checklist' ? 'Items' : 'Decision'}
        aside={
          step.human === 'checklist'
            ? `${ticked} of ${step.checklist.length} ticked`
            : step.signRoles.length > 0
              ? rolesCount(step.signRoles)
              : undefined
        }
      />
      {step.human === 'checklist' ? (
        <ul>
          {step.checklist.map((item) => (
            <ChecklistItem key={item.id} item={item} step={step} />
          ))}
        </ul>
      ) : (
        <>
          {step.signRoles.length > 0 && <RoleList roles={step.signRoles} />}
          <SignOffState step={step} />
        </>
      )}
    </Panel>
  );
}
