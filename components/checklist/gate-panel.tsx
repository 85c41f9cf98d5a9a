'use client';
import { BellRing, Link2, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Avatar } from '@/components/ui/avatar';
import { PressFields } from '@/components/forms/press-fields';
import { announce } from '@/components/ui/announce';
import { Button } from '@/components/ui/button';
import { useServerNow } from '@/components/ui/clock';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/components/ui/cn';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/shared/format';
import type { WizardDto } from '@/lib/views/dto';
import { FormAnswer } from './form-answer';
import { Notes } from './notes';
import { useFormAction } from './use-form-action';
import { TextWithPlaces } from './text-with-places';
import { useWizard } from './wizard-context';

function Section({ title, aside, children }: { title: string; aside?: React.ReactNode; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="border-b border-line px-4 pb-3">
      <h2 className="flex h-9 items-center text-12 font-medium text-t2">
        {title}
        <span className="ml-auto font-normal text-t3">{aside}</span>
      </h2>
      {children}
    </section>
  );
}

/** Text that a chat may carry: the whole address, with the origin once the page knows it. */
function ReviewLink({ href }: { href: string }) {
  const [origin, setOrigin] = useState('');
  useEffect(() => setOrigin(window.location.origin), []);
  return <CopyButton text={`${origin}${href}`} label="Copy link" icon={<Link2 size={14} />} showLabel />;
}

/** Puts the sign-off on top of the reviewers' inbox. */
function Remind({ stepId, disabledReason, againAt }: NonNullable<WizardDto['gate']['remind']>) {
  const nowMs = useServerNow(1_000);
  const againMs = againAt ? Date.parse(againAt) - nowMs : 0;
  const early = againMs > 0 ? `Reminded already; again in ${formatDuration(againMs)}.` : undefined;
  const { view, actions, firstKey, refresh } = useWizard();
  const { state, post, pending, key } = useFormAction(actions.remindReviewers, firstKey, () => {
    announce('The reviewers are reminded');
    refresh();
  });
  return (
    <form action={post} className="contents">
      <PressFields formKey={key} fields={{ cutoverId: view.id, stepId }} />
      <Button
        type="submit"
        size="sm"
        variant="ghost"
        icon={<BellRing size={14} />}
        busy={pending ? 'Reminding…' : undefined}
        disabledReason={disabledReason ?? early}
      >
        Remind
      </Button>
      {state.ok === false && <FormAnswer state={state} className="basis-full" />}
    </form>
  );
}

/** "3 of 4 hold, 1 overridden". Of a cutover that has ended the gate is history. */
export function gateCount({ gate, state }: Pick<WizardDto, 'gate' | 'state'>): string {
  const isOver = state === 'closed' || state === 'abandoned';
  const overridden = gate.overridden ? `, ${gate.overridden} overridden` : '';
  return `${gate.held} of ${gate.of} ${isOver ? 'held' : 'hold'}${overridden}`;
}

function Gate({ gate }: { gate: WizardDto['gate'] }) {
  const { view, place, go } = useWizard();
  return (
    <Section title={gate.title} aside={<span className="tabular-nums">{gateCount(view)}</span>}>
      {gate.warning && (
        <p className="mb-2 flex items-start gap-2 rounded-panel border border-amber/45 bg-amber/tint px-2.5 py-1.5 text-12 text-amber">
          <TriangleAlert size={14} aria-hidden="true" className="mt-px shrink-0" />
          <span className="min-w-0">{gate.warning}</span>
        </p>
      )}
      {gate.waitingFor && (
        <p className="pb-1 text-12 text-amber">
          {gate.waitingFor}
          {gate.waitingSince && (
            <>
              {' '}
              since <Time iso={gate.waitingSince} format="short" />
            </>
          )}
        </p>
      )}
      {gate.remind && (
        <div className="-ml-2 flex flex-wrap items-center gap-1 pb-2">
          {gate.reviewLink && <ReviewLink href={gate.reviewLink} />}
          <Remind {...gate.remind} />
        </div>
      )}
      <ul>
        {gate.items.map((item) => (
          <li key={item.stepId} className="flex items-start gap-2.5 py-1">
            <span className="mt-0.5 grid">
              <StatusGlyph status={item.status} />
            </span>
            <span className="min-w-0 flex-1">
              <button
                type="button"
                onClick={() => go({ ...place, stepId: item.stepId, tab: null })}
                className={cn(
                  'block max-w-full text-left text-13 break-words hover:underline',
                  item.status === 'locked' ? 'text-t3' : 'text-t1',
                )}
              >
                {item.claim}
              </button>
              <span className="sr-only">{item.status}</span>
              {item.detail && (
                <span className="line-clamp-3 text-12 break-words text-t3" title={item.detail}>
                  <TextWithTimes text={item.detail} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What holds the gate, who is here, what can be undone, notes. */
export function GatePanel({ view }: { view: WizardDto }) {
  return (
    <div>
      <Gate gate={view.gate} />
      {view.people.length > 0 && (
        <Section
          title="People"
          aside={`${view.people.filter(({ doing }) => doing !== 'asked to sign off').length} here`}
        >
          <ul>
            {view.people.map((person) => (
              <li key={person.name} className="flex h-8 items-center gap-2.5 text-13">
                <Avatar initials={person.initials} />
                <span className="text-t1">{person.name}</span>
                <span className="ml-auto truncate text-12 text-t3">{person.doing}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="What can be undone">
        <p className="text-13 text-t2">
          <TextWithPlaces text={view.undoable} />
        </p>
      </Section>
      <Notes view={view} />
    </div>
  );
}
