'use client';
import { useState } from 'react';
import { AttemptLog } from '@/components/attempt-log/attempt-log';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { LinkTabs } from '@/components/ui/tabs';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { Time } from '@/components/ui/time';
import { isLive } from '@/lib/shared/statuses';
import type { ActDto, AttemptDto, StepDetailDto, WizardDto } from '@/lib/views/dto';
import { ActButton } from './act-button';
import { AttemptsTab } from './attempts-tab';
import { CheckpointsTab } from './checkpoints-tab';
import { extraActs, shownMoves } from './extra-acts';
import { FailedPanel } from './failed-panel';
import { HumanPanel } from './human-panel';
import { InterruptedNote } from './interrupted-note';
import { PlanTab } from './plan-tab';
import { isToldBelow } from './said-once';
import { StepProgress } from './step-progress';
import { useWizard } from './wizard-context';
import { defaultTab, placeQuery, type WizardTab } from './wizard-url';

/** Of an abandoned cutover what the step had reached, not that it was taken back. */
const newestRun = (step: StepDetailDto, isAbandoned: boolean): AttemptDto | null =>
  (isAbandoned ? step.attemptsList.findLast(({ verb }) => verb !== 'plan' && verb !== 'undo') : null) ??
  step.attemptsList.findLast((attempt) => attempt.verb !== 'plan') ??
  null;

function Place({ step, attempt }: { step: StepDetailDto; attempt: AttemptDto | null }) {
  const times =
    attempt?.startedAt &&
    (attempt.endedAt ? (
      <>
        , <Time iso={attempt.startedAt} /> to <Time iso={attempt.endedAt} />
      </>
    ) : (
      <>
        , started <Time iso={attempt.startedAt} />
      </>
    ));
  return (
    <p className="shrink-0 text-12 text-t3 tabular-nums">
      {attempt && attempt.no > 1
        ? `attempt ${attempt.no} of ${step.attempts || attempt.no}`
        : `step ${step.index} of ${step.of}`}
      {times}
    </p>
  );
}

/** What a person still has to do stands in a panel of its own. */
const saidBelow = ({ human, status }: StepDetailDto): boolean =>
  human === 'checklist' || (human === 'sign-off' && status === 'waiting');

function StepHead({ step, attempt, acts }: { step: StepDetailDto; attempt: AttemptDto | null; acts: ActDto[] }) {
  const status = step.running ? 'running' : step.status;
  const confirm = step.moves.find(({ act }) => act === 'confirm-second');
  return (
    <>
      <div className="flex items-center gap-3 max-md:flex-wrap">
        <h2 className="min-w-0 text-16 font-semibold text-t1">{step.title}</h2>
        <span className="max-md:ml-auto">
          <Badge status={status}>
            {attempt && isLive(attempt.state) && attempt.state !== 'running' ? attempt.state : status}
          </Badge>
        </span>
        <span className="ml-auto max-md:hidden">
          <Place step={step} attempt={attempt} />
        </span>
        {acts.map((act) => (
          <ActButton key={act.act} act={act} size="sm" answerClass="max-w-80" />
        ))}
      </div>
      <p className="mt-1 text-13 text-t2">{step.why}</p>
      {step.reason && step.status !== 'failed' && !saidBelow(step) && (
        <p className={cn('mt-1 text-13', step.status === 'stale' ? 'text-amber' : 'text-t3')}>
          <TextWithTimes text={step.reason} />
        </p>
      )}
      {step.override && (
        <div className="mt-2 text-13 text-violet">
          {step.override.confirmedBy ? 'Overridden' : 'Override asked for'} by {step.override.by} at{' '}
          <Time iso={step.override.at} />: {step.override.reason}{' '}
          {step.override.confirmedBy ? `Confirmed by ${step.override.confirmedBy}.` : 'Waits for a second person.'}{' '}
          {confirm && <ActButton act={confirm} size="sm" answerClass="max-w-96" />}
        </div>
      )}
    </>
  );
}

/** Of the newest attempt; what was stale before it is no part of the count, unless there is nothing newer. */
function passedOf({ checkpoints }: StepDetailDto): string | undefined {
  const fresh = checkpoints.filter(({ stale }) => !stale);
  if (checkpoints.length === 0) return undefined;
  return fresh.length ? `${fresh.filter((one) => one.verdict === 'passed').length} of ${fresh.length}` : 'stale';
}

/** One step: what it is, how far it is, and its plan, log, checkpoints and attempts. */
export function StepMiddle({ view, switching }: { view: WizardDto; switching: boolean }) {
  const { place, go } = useWizard();
  const { step } = view;
  const extra = extraActs(view);
  const [logId, setLogId] = useState<string | null>(null);
  const attempt = newestRun(step, view.state === 'abandoned');
  const tab = place.tab ?? defaultTab(step);
  const shownAttempts = step.attemptsList.length ? step.attemptsList : step.planAttempt ? [step.planAttempt] : [];
  const logged = logId ?? (step.id === view.currentStepId ? view.logAttemptId : null) ?? attempt?.id ?? null;
  const logOf = shownAttempts.find((one) => one.id === logged) ?? attempt;
  // The log itself counts while it grows; the view is read less often.
  const lines = logOf && !isLive(logOf.state) ? logOf.logLines : undefined;
  const href = (key: WizardTab): string => placeQuery({ ...place, tab: key, card: null }) || '?';
  const failed = isToldBelow(step);
  const asideText =
    tab === 'checkpoints' && step.checkpoints.find((one) => one.evidence.rowDiff)?.evidence.rowDiff?.holdsAt;
  return (
    <section
      aria-label={step.title}
      aria-busy={switching}
      className={cn(
        'relative flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto bg-bg max-md:overflow-visible',
        switching && 'opacity-60',
      )}
    >
      <div className="shrink-0 px-6 pt-4 max-md:px-4">
        <StepHead step={step} attempt={attempt} acts={extra.step} />
        {attempt?.progress && isLive(attempt.state) && (
          <StepProgress key={attempt.id} attempt={attempt} plannedMs={step.plannedMs} />
        )}
        {failed && <FailedPanel step={step} attempt={attempt} moves={shownMoves(view)} />}
        {attempt && attempt.takeovers.length > 0 && <InterruptedNote attempt={attempt} />}
        {step.human && <HumanPanel step={step} />}
      </div>
      {!step.human && (
        <>
          <div className="sticky top-0 z-10 mt-2 flex shrink-0 items-center border-b border-line bg-bg px-6 max-md:px-4">
            <LinkTabs
              current={tab}
              onSelect={(key: string) => go({ ...place, tab: key as WizardTab, card: null })}
              items={[
                { key: 'plan', label: 'Plan', href: href('plan') },
                { key: 'log', label: 'Log', count: lines || undefined, href: href('log') },
                { key: 'checkpoints', label: 'Checkpoints', count: passedOf(step), href: href('checkpoints') },
                {
                  key: 'attempts',
                  label: 'Attempts',
                  count: step.attemptsList.length || undefined,
                  href: href('attempts'),
                },
              ]}
            />
            <span className="ml-auto shrink-0 pl-4 text-12 text-t3 max-md:hidden">
              {asideText ? (
                <>
                  holds at <TextWithTimes text={asideText} />
                </>
              ) : (
                step.plan && (
                  <>
                    plan <code className="font-mono">{step.plan.digest.slice(0, 8)}</code>
                  </>
                )
              )}
            </span>
          </div>
          {tab === 'plan' && <PlanTab step={step} again={extra.plan} told={failed ? (attempt?.error ?? null) : null} />}
          {tab === 'log' && (
            <div className="flex min-h-[260px] flex-1 flex-col max-md:min-h-0">
              <AttemptLog key={step.id} attempts={shownAttempts} firstId={logged} />
            </div>
          )}
          {tab === 'checkpoints' && <CheckpointsTab step={step} />}
          {tab === 'attempts' && (
            <AttemptsTab
              attempts={shownAttempts}
              told={failed ? (attempt?.id ?? null) : null}
              onLog={(id) => {
                setLogId(id);
                go({ ...place, tab: 'log', card: null });
              }}
            />
          )}
        </>
      )}
    </section>
  );
}
