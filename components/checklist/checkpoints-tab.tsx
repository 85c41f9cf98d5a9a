import { ChevronRight } from 'lucide-react';
import { EvidenceBody } from '@/components/evidence/evidence-body';
import { cn } from '@/components/ui/cn';
import { Disclosure } from '@/components/ui/disclosure';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import { countWords } from '@/lib/shared/words';
import type { StepDetailDto } from '@/lib/views/dto';
import { Findings } from './findings';

type Checkpoint = StepDetailDto['checkpoints'][number];

/** A claim with its verdict, folded around its evidence; a failed one is open and red-edged. */
export function CheckpointPanel({ checkpoint, open }: { checkpoint: Checkpoint; open: boolean }) {
  const { claim, verdict, evidence, stale, at } = checkpoint;
  const failed = verdict === 'failed' && !stale;
  return (
    <details
      open={open}
      className={cn(
        'group overflow-hidden rounded-panel border bg-s1',
        failed ? 'border-red/55 shadow-[inset_3px_0_0_var(--color-red)]' : 'border-line',
      )}
    >
      <summary className="flex min-h-12 cursor-pointer list-none items-center gap-3 px-4 py-2 -outline-offset-2 [&::-webkit-details-marker]:hidden">
        <StatusGlyph status={stale ? 'stale' : verdict} />
        <span className="sr-only">{stale ? 'stale' : verdict}:</span>
        <span className="min-w-0 text-13 font-medium text-t1 group-open:max-md:whitespace-normal">
          {claim}
          <span className="ml-3 font-normal text-t2 group-open:hidden">
            <TextWithTimes text={evidence.summary} />
          </span>
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-3 text-12 text-t3">
          {stale && <StatusWord status="stale">stale</StatusWord>}
          <span className="max-md:hidden">
            <Time iso={at} />
          </span>
          <span className="flex items-center gap-1 text-t2">
            <ChevronRight
              size={14}
              aria-hidden="true"
              className="transition-transform group-open:rotate-90 motion-reduce:transition-none"
            />
            Evidence
          </span>
        </span>
      </summary>
      <div className="border-t border-line px-4 py-4">
        {evidence.summary && !evidence.rowDiff && (
          <p className="mb-3 text-13 text-t2">
            <TextWithTimes text={evidence.summary} />
          </p>
        )}
        <EvidenceBody evidence={evidence} />
      </div>
    </details>
  );
}

const rankOf = { failed: 0, unknown: 1, passed: 2 } as const;

/** The step's claims, what is not green first and open, with the findings a person has to decide. */
export function CheckpointsTab({ step }: { step: StepDetailDto }) {
  const shown = new Set(step.findings.map((finding) => finding.key));
  const findings = [
    ...step.findings,
    ...step.checkpoints
      .flatMap((checkpoint) => checkpoint.evidence.findings ?? [])
      .filter((finding) => !shown.has(finding.key)),
  ];
  if (step.checkpoints.length === 0 && findings.length === 0)
    return <p className="px-6 py-8 text-13 text-t2">Nothing has been checked yet.</p>;
  const waits = findings.some((finding) => finding.blocking && !finding.rule);
  const fresh = step.checkpoints.filter(({ stale }) => !stale);
  const past = step.checkpoints.filter(({ stale }) => stale);
  const single = fresh.length === 1;
  return (
    <div className="flex flex-col gap-3 p-6 max-md:p-4">
      {waits && <Findings findings={findings} />}
      {fresh
        .toSorted((a, b) => rankOf[a.verdict] - rankOf[b.verdict])
        .map((checkpoint) => (
          <CheckpointPanel
            key={checkpoint.id}
            checkpoint={checkpoint}
            open={checkpoint.verdict !== 'passed' || (single && !!checkpoint.evidence.rowDiff)}
          />
        ))}
      {past.length > 0 && (
        <Disclosure
          summary={`${countWords(past.length, 'stale checkpoint')} of earlier attempts`}
          open={fresh.length === 0}
          className="text-13"
        >
          <div className="flex flex-col gap-3">
            {past.map((checkpoint) => (
              <CheckpointPanel key={checkpoint.id} checkpoint={checkpoint} open={false} />
            ))}
          </div>
        </Disclosure>
      )}
      {!waits && <Findings findings={findings} />}
    </div>
  );
}
