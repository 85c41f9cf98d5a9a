import Link from 'next/link';
import { cn } from '@/components/ui/cn';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { useUntil } from '@/components/ui/use-until';
import type { WizardDto } from '@/lib/views/dto';
import { ActButton } from './act-button';
import { extraActs } from './extra-acts';
import { OwedButton, OwedSentence } from './owed-press';
import { sentenceRest } from './said-once';
import { TextWithPlaces } from './text-with-places';
import { useMoving } from './use-moving';
import { useWizard } from './wizard-context';

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** "Now: import." in the strongest ink, the rest behind it; what comes then is strong again. */
function Sentence({ view, left, panelShown }: { view: WizardDto; left: string | null; panelShown: boolean }) {
  const { lead, after, until } = view.next;
  const rest = sentenceRest(view, useUntil(view.next.rest, until), panelShown);
  return (
    <p className="min-w-0 text-14 text-t2">
      <Strong>{lead}</Strong> {left && `${capital(left)}. `}
      <TextWithPlaces text={rest} />
      {after && (
        <>
          {' '}
          <Strong>{after.lead}</Strong> <TextWithTimes text={after.rest} />
        </>
      )}
    </p>
  );
}

const hue = { failed: 'text-red', unknown: 'text-amber', drift: 'text-amber' } as const;

/** The service itself, before anything that may be pressed. */
function Trouble({ next: { trouble } }: { next: WizardDto['next'] }) {
  if (!trouble) return null;
  const { glyph, lead, rest, href } = trouble;
  return (
    <p role="status" className="mb-1 flex min-w-0 items-start gap-2 text-14 text-t2">
      <StatusGlyph status={glyph} className="mt-0.5" />
      <span className="min-w-0">
        <b className={cn('font-semibold', hue[glyph])}>{lead}</b> <TextWithTimes text={rest} />{' '}
        <Link href={href} className="text-t1 underline">
          See the profile
        </Link>
      </span>
    </p>
  );
}

const Strong = ({ children }: { children: string }) => <b className="font-semibold text-t1">{children}</b>;

/** Why it waits. Never the sentence once more: then why this person cannot press says more. */
function besideOf({ lead, rest, waiting, act }: WizardDto['next']): string | null {
  if (waiting === null) return null;
  const said = (text: string): boolean => [lead, rest].includes(`${text.replace(/\.$/, '')}.`);
  return [waiting, act?.disabledReason].find((text) => text && !said(text)) ?? null;
}

/** `panelShown`: the shown step stands below, and not the strip of a press. */
type Props = { view: WizardDto; panelShown: boolean };

/** One sentence that says what comes next, with the page's only primary button. */
export function NextSentence({ view, panelShown }: Props) {
  const { next } = view;
  const { press, late } = useWizard().held;
  const extra = press ? [] : extraActs(view).sentence;
  const waits = next.waiting !== null;
  const { left, fraction } = useMoving(next);
  const beside = besideOf(next);
  return (
    <section
      aria-label="What comes next"
      className="flex min-h-14 shrink-0 items-center gap-4 border-b border-line bg-bg px-6 py-2 max-md:hidden"
    >
      <div className="min-w-0">
        <Trouble next={next} />
        {press ? (
          <OwedSentence press={press} late={late} />
        ) : (
          <Sentence view={view} left={left} panelShown={panelShown} />
        )}
      </div>
      <div className="ml-auto flex shrink-0 items-center gap-3">
        {press && <OwedButton press={press} />}
        {!press && beside && (
          <span className="max-w-80 text-right text-12 text-t3">
            {[beside, left?.replace(/ left$/, '')].filter(Boolean).join(', ')}
          </span>
        )}
        {extra.map((act) => (
          <ActButton
            key={`${act.act} ${act.stepId}`}
            act={act}
            variant={act.danger ? 'danger' : 'ghost'}
            answerClass="max-w-96"
          />
        ))}
        {next.act && !press && (
          <ActButton
            act={next.act}
            variant="primary"
            waiting={waits ? (fraction ?? 0) : undefined}
            className="min-w-36"
            answerClass="max-w-96"
          />
        )}
      </div>
    </section>
  );
}

/** The same on narrow screens: fixed at the bottom; the primary act and the way out each in a place of its own. */
export function NarrowBar({ view, panelShown }: Props) {
  const { next, exit } = view;
  const { press, late } = useWizard().held;
  const { left, fraction } = useMoving(next);
  const extra = press ? [] : extraActs(view).sentence;
  // Where nothing is primary, its place is free for what takes back.
  const instead = next.act ? undefined : extra[0];
  const beside = extra.filter((act) => act !== instead);
  return (
    <section
      aria-label="What comes next"
      className="sticky bottom-0 z-20 border-t border-line bg-s1 px-4 pt-3 pb-4 md:hidden"
    >
      <Trouble next={next} />
      {press ? (
        <OwedSentence press={press} late={late} />
      ) : (
        <Sentence view={view} left={left} panelShown={panelShown} />
      )}
      {beside.length > 0 && (
        <div className="mt-1 flex gap-2">
          {beside.map((act) => (
            <ActButton key={`${act.act} ${act.stepId}`} act={act} variant="ghost" size="sm" />
          ))}
        </div>
      )}
      <div className="mt-3 grid grid-cols-[112px_1fr] gap-3">
        <div className="grid">{exit && <ActButton act={exit} variant="danger" size="lg" />}</div>
        <div className="grid">
          {press && <OwedButton press={press} size="lg" />}
          {next.act && !press && (
            <ActButton
              act={next.act}
              variant="primary"
              size="lg"
              waiting={next.waiting !== null ? (fraction ?? 0) : undefined}
            />
          )}
          {instead && <ActButton act={instead} variant={instead.danger ? 'danger' : undefined} size="lg" />}
        </div>
      </div>
    </section>
  );
}
