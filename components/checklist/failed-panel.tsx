'use client';
import { RotateCcw, ShieldAlert, Undo2, Wrench, XCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { LogLine } from '@/components/attempt-log/log-line';
import { ButtonLink } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { countWords, plural } from '@/lib/shared/words';
import type { ActDto, AttemptDto, StepDetailDto } from '@/lib/views/dto';
import { ActButton } from './act-button';
import { linesBeside } from './said-once';

const icons: Partial<Record<ActDto['act'], ReactNode>> = {
  retry: <RotateCcw size={14} />,
  run: <RotateCcw size={14} />,
  repair: <Wrench size={14} />,
  'choose-rule': <Wrench size={14} />,
  abandon: <Undo2 size={14} />,
  rollback: <Undo2 size={14} />,
  'data-rollback': <Undo2 size={14} />,
  cancel: <XCircle size={14} />,
};

function Move({ act }: { act: ActDto }) {
  return (
    <li className="col-span-full grid grid-cols-subgrid items-center max-md:gap-1.5">
      <span className="grid">
        <ActButton
          act={act}
          size="sm"
          variant={act.danger ? 'danger' : 'secondary'}
          icon={icons[act.act]}
          className="justify-start"
        />
      </span>
      <span className="text-13 text-t2">{act.disabledReason ?? act.consequence}</span>
    </li>
  );
}

/** "Retry preflight: judges anew; …" */
const rareWords = ({ label, consequence }: ActDto): string =>
  `${label.replace(/…$/, '')}: ${consequence.charAt(0).toLowerCase()}${consequence.slice(1)}`;

/** Only what is safe now, in order; the recommended one is the page's primary, so none of these is. */
function SafeMoves({ moves }: { moves: ActDto[] }) {
  const decides = moves.some(({ act }) => act === 'choose-rule');
  // What only fails again while a rule is open is no move to offer beside the choice.
  const isRare = ({ act }: ActDto): boolean =>
    act === 'override' || act === 'confirm-second' || (decides && act === 'retry');
  const plain = moves.filter((act) => !isRare(act));
  const rare = moves.filter(isRare);
  if (moves.length === 0) return null;
  return (
    <div className="border-t border-line px-4 py-4">
      <h3 className="text-12 text-t3">Safe moves</h3>
      <ul className="mt-2.5 grid grid-cols-[minmax(176px,max-content)_1fr] gap-x-4 gap-y-2.5 max-md:grid-cols-1">
        {plain.map((act) => (
          <Move key={`${act.act} ${act.stepId}`} act={act} />
        ))}
      </ul>
      {rare.length > 0 && (
        <details className="group mt-2">
          <summary className="flex cursor-pointer list-none items-center gap-2 py-1 text-12 text-t3 hover:text-t2 [&::-webkit-details-marker]:hidden">
            <span aria-hidden="true" className="w-3.5 text-center tracking-widest">
              …
            </span>
            <span>{rare.map(rareWords).join(' · ')}</span>
          </summary>
          <ul className="mt-2 flex flex-col gap-2.5">
            {rare.map((act) => (
              <li key={act.act} className="flex items-center gap-4">
                <ActButton act={act} size="sm" icon={icons[act.act] ?? <ShieldAlert size={14} />} />
                <span className="text-13 text-t2">{act.disabledReason ?? act.consequence}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

type Checkpoint = StepDetailDto['checkpoints'][number];

/** A claim that is not shown: what was claimed, and what was found instead. */
const NotShown = ({ checkpoint, brief }: { checkpoint: Checkpoint; brief: boolean }) => (
  <li className="flex gap-2.5">
    <span className="mt-0.5 grid">
      <StatusGlyph status={checkpoint.verdict} size={14} />
    </span>
    <span className="min-w-0 text-13 text-t2">
      <span className="sr-only">{checkpoint.verdict}: </span>
      <span className="font-medium text-t1">{checkpoint.claim}.</span>{' '}
      {!brief && (
        <span className="break-words">
          <TextWithTimes text={checkpoint.evidence.summary} />
        </span>
      )}
    </span>
  </li>
);

const shownAtOnce = 3;

type Props = { step: StepDetailDto; attempt: AttemptDto | null; moves: ActDto[] };

/** Cause, place, the last lines where no claim says it, then only safe moves. */
export function FailedPanel({ step, attempt, moves }: Props) {
  const error = attempt?.error ?? null;
  const lines = attempt ? linesBeside(attempt) : [];
  // Open findings stand below with all that the log and the claim would say of them; they must be in sight.
  const decides = step.moves.some(({ act }) => act === 'choose-rule');
  const claims = step.checkpoints
    .filter(({ verdict, stale }) => verdict !== 'passed' && !stale)
    .toSorted((a, b) => a.verdict.localeCompare(b.verdict));
  return (
    <Panel edge="red" bar role="alert" className="mt-4 overflow-hidden">
      <div className="flex gap-3 px-4 py-4">
        <span className="mt-0.5 grid">
          <StatusGlyph status={step.status} />
        </span>
        <div className="min-w-0">
          <h3 className="text-14 font-semibold break-words text-t1">
            <TextWithTimes text={error?.message ?? causeOf(step, claims)} />
          </h3>
          {error && (
            <p className="mt-1 text-13 text-t2">
              {error.advice} <code className="font-mono text-12 text-t3">{error.code}</code>
            </p>
          )}
          {claims.length > 0 && (
            <ul className="mt-2 flex flex-col gap-1.5">
              {claims.slice(0, shownAtOnce).map((checkpoint) => (
                <NotShown key={checkpoint.id} checkpoint={checkpoint} brief={decides} />
              ))}
              {claims.length > shownAtOnce && (
                <li className="text-12 text-t3">
                  and {countWords(claims.length - shownAtOnce, 'more checkpoint')} below
                </li>
              )}
            </ul>
          )}
        </div>
      </div>
      {attempt && lines.length > 0 && !decides && (error || claims.length === 0) && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide line scrolls, and what scrolls must be reachable by keys
          tabIndex={0}
          aria-label="Last lines of the log"
          className="overflow-x-auto border-t border-line bg-bg py-2"
        >
          {lines.slice(-5).map((line, at, all) => (
            // A narrow screen has room for the last two: the moves must be in reach.
            <div key={line.seq} className={at < all.length - 2 ? 'max-md:hidden' : undefined}>
              <LogLine
                row={[line.seq, line.at, line.level, line.stream, line.text]}
                mode="clock"
                startedAt={attempt.startedAt}
                wrap
              />
            </div>
          ))}
        </section>
      )}
      {step.links.length > 0 && (
        <div className="flex flex-wrap gap-2 border-t border-line px-4 py-3">
          {step.links.map(({ label, href }) => (
            <ButtonLink key={href} href={href} prefetch={false} size="sm">
              {label}
            </ButtonLink>
          ))}
        </div>
      )}
      <SafeMoves moves={moves} />
    </Panel>
  );
}

/** What it came to, in one line, where no error says it. */
function causeOf(step: StepDetailDto, claims: Checkpoint[]): string {
  if (claims.length === 0) return step.reason ?? `${step.title} failed.`;
  const unknown = claims.every(({ verdict }) => verdict === 'unknown');
  return `${countWords(claims.length, 'checkpoint')} of ${step.checkpoints.filter(({ stale }) => !stale).length} ${unknown ? 'could not be judged' : plural(claims.length, 'does not hold', 'do not hold')}`;
}
