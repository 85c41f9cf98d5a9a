'use client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { rangesOf } from '@/components/evidence/row-diff-words';
import { OverridesSaid } from '@/components/checklist/overrides-said';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { TClock, Time } from '@/components/ui/time';
import { formatCount } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { FormAction } from '@/lib/views/action-result';
import type { ReviewsDto } from '@/lib/views/dto';
import { ChangedPanel } from './changed-panel';
import { DecideBar } from './decide-bar';
import { ReviewEvidence } from './review-evidence';
import { RoleList, rolesCount } from './role-list';
import { Comments, Covers } from './review-side';
import { useLook } from './use-look';

type Selected = NonNullable<ReviewsDto['selected']>;
export type ReviewActions = { signOff: FormAction; look: FormAction };
type Props = {
  selected: Selected;
  actions: ReviewActions;
  firstKey: string;
  evidenceOpen: boolean;
  onBack: () => void;
  onDone: () => void;
  onAsk: () => void;
};

function Head({ selected, onBack }: Pick<Props, 'selected' | 'onBack'>) {
  return (
    <header className="shrink-0 border-b border-line bg-s1 max-md:contents">
      <div className="flex items-center gap-2 px-8 pt-5 text-12 text-t2 max-md:sticky max-md:top-0 max-md:z-20 max-md:border-b max-md:border-line max-md:bg-s1 max-md:px-4 max-md:py-2">
        <button
          type="button"
          onClick={onBack}
          aria-label="Back to the queue"
          className="-ml-3 grid size-11 place-items-center md:hidden"
        >
          <ChevronLeft size={20} aria-hidden="true" />
        </button>
        <a
          href={routes.cutover(selected.cutoverId)}
          className="hover:text-t1 max-md:text-16 max-md:font-semibold max-md:text-t1"
        >
          {selected.sourceId}
        </a>
        <span className="md:hidden">{selected.system}</span>
        <span className="flex gap-2 max-md:hidden">
          <span aria-hidden="true">·</span>
          {selected.gate}
          <span aria-hidden="true">·</span>
        </span>
        <span className="tabular-nums max-md:ml-auto max-md:text-16 max-md:font-semibold max-md:text-t1">
          {selected.decided && !selected.decided.stale ? (
            <Time iso={selected.decided.at} format="datetime" />
          ) : (
            <TClock t0={selected.t0} />
          )}
        </span>
        <span className="ml-auto text-t3 max-md:hidden">
          asked by {selected.askedBy}
          {selected.askedAt && (
            <>
              {' '}
              <Time iso={selected.askedAt} />
            </>
          )}
        </span>
      </div>
      <div className="flex items-start gap-2.5 px-8 pt-1.5 pb-5 max-md:border-b max-md:border-line max-md:bg-s1 max-md:px-4 max-md:pt-4">
        <span className="mt-[5px] grid max-md:mt-[3px]">
          <StatusGlyph status={selected.claimStatus} size={18} />
        </span>
        <div className="min-w-0">
          <h2 className="text-20 font-semibold tracking-tight text-t1 max-md:text-16">
            <span className="sr-only">{selected.claimStatus}: </span>
            {selected.claim}
          </h2>
          <OverridesSaid overrides={selected.overrides} className="mt-1" />
          <p className="mt-0.5 text-13 text-t2">
            <TextWithTimes text={selected.sub} />
            {/* Wide screens say it in the queue beside. */}
            {(!selected.decided || selected.decided.stale) && (
              <span className="text-amber md:hidden"> Blocks the {selected.about}.</span>
            )}
          </p>
        </div>
      </div>
    </header>
  );
}

/** On narrow screens what one opens only when in doubt is folded into a row. */
function Fold({ title, aside, children }: { title: string; aside?: string; children: ReactNode }) {
  return (
    <details className="group border-b border-line last:border-b-0">
      <summary className="flex h-12 cursor-pointer list-none items-center px-4 text-13 font-medium text-t1 [&::-webkit-details-marker]:hidden">
        {title}
        <span className="ml-auto text-12 font-normal text-t2 tabular-nums">{aside}</span>
        <ChevronRight size={16} aria-hidden="true" className="ml-2 text-t2 group-open:rotate-90" />
      </summary>
      <div className="px-4 pb-4">{children}</div>
    </details>
  );
}

function NarrowFolds({ selected }: { selected: Selected }) {
  const ranges = selected.rowDiff ? rangesOf(selected.rowDiff) : 0;
  return (
    <div className="overflow-hidden rounded-panel border border-line bg-s1 md:hidden">
      <Fold
        title="Evidence"
        aside={ranges ? `${formatCount(ranges)} of ${formatCount(ranges)} ranges` : String(selected.checkpoints.length)}
      >
        <ReviewEvidence selected={selected} open={false} />
      </Fold>
      <Fold title="What it covers" aside={String(selected.covers.length)}>
        <Covers selected={selected} />
      </Fold>
      <a
        href={selected.logHref}
        className="flex h-12 items-center border-b border-line px-4 text-13 font-medium text-t1"
      >
        Log <ChevronRight size={16} aria-hidden="true" className="ml-auto text-t2" />
      </a>
      <Fold title="Comments" aside={String(selected.comments.length)}>
        <Comments selected={selected} />
      </Fold>
    </div>
  );
}

/** One review: the claim first, then what changed, then evidence; the decision stays at the foot. */
export function ReviewItem({ selected, actions, firstKey, evidenceOpen, onBack, onDone, onAsk }: Props) {
  const changed = useLook(selected, actions.look);
  return (
    <article aria-label={`${selected.sourceId}, ${selected.gate}`} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <Head selected={selected} onBack={onBack} />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] content-start items-start gap-6 overflow-y-auto bg-bg px-8 py-5 max-md:overflow-visible max-md:p-4 wide:grid-cols-[minmax(0,1fr)_312px]">
        <div className="flex min-w-0 flex-col gap-4">
          {changed && changed.parts.length > 0 && <ChangedPanel changed={changed} />}
          {selected.roles.length > 0 && (
            <Panel>
              <PanelHead title="Roles that decide" aside={rolesCount(selected.roles)} />
              <RoleList roles={selected.roles} />
            </Panel>
          )}
          <div className="max-md:hidden">
            <ReviewEvidence selected={selected} open={evidenceOpen} />
          </div>
          <NarrowFolds selected={selected} />
          <a href={selected.logHref} className="text-12 text-blue underline-offset-2 hover:underline max-md:hidden">
            Open the log
          </a>
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-md:hidden">
          <Covers selected={selected} />
          <Comments selected={selected} />
        </div>
      </div>
      <DecideBar
        key={selected.fingerprint}
        selected={selected}
        signOff={actions.signOff}
        firstKey={firstKey}
        onDone={onDone}
        onAsk={onAsk}
      />
    </article>
  );
}
