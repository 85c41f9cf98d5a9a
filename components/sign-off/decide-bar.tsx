'use client';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { useHotkeys } from '@/components/ui/hotkeys';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import type { GlyphStatus } from '@/lib/shared/statuses';
import type { ReviewsDto } from '@/lib/views/dto';
import { AskReject, AskSign, type DecisionProps, SignForm } from './decision-forms';
import { boldParts } from './review-queue-state';
import { asksTerms } from './sign-terms';

type Selected = NonNullable<ReviewsDto['selected']>;
type BarProps = DecisionProps & {
  /** A person is deciding on this one: no live update may bring another. */
  onAsk: () => void;
};

function statusOf({ stale, decision }: NonNullable<Selected['decided']>): GlyphStatus {
  if (stale) return 'stale';
  return decision === 'signed' ? 'passed' : 'failed';
}

function Decided({ decided, roles }: { decided: NonNullable<Selected['decided']>; roles: number }) {
  return (
    <p className="min-w-0 flex-1 text-13 text-t2 max-md:col-span-2">
      <StatusWord status={statusOf(decided)}>
        {decided.decision === 'signed' ? 'Signed' : 'Rejected'} <Time iso={decided.at} />
      </StatusWord>{' '}
      {roles > 0 && `by all ${roles} roles, last `}by {decided.by}
      {decided.reference && (
        <>
          , reference <span className="font-mono text-t1">{decided.reference}</span>
        </>
      )}
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
        <Decided decided={selected.decided} roles={selected.roles.length} />
      ) : (
        <>
          <div className="min-w-0 flex-1 max-md:col-span-2">
            {selected.decided && <Decided decided={selected.decided} roles={selected.roles.length} />}
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
          {/* Under a thumb one tap only asks, and the dialog's button stands elsewhere. */}
          <Button
            variant="primary"
            className={cn('max-md:h-12', !asksTerms(selected) && 'md:hidden')}
            onClick={() => ask('sign')}
            disabledReason={closed ?? undefined}
          >
            {selected.signOff.label}…
          </Button>
          {!asksTerms(selected) && (
            <div className="contents max-md:hidden">
              <SignForm {...props} />
            </div>
          )}
        </>
      )}
      <AskSign {...props} open={asking === 'sign'} onClose={() => setAsking(null)} />
      <AskReject {...props} open={asking === 'reject'} onClose={() => setAsking(null)} />
    </footer>
  );
}
