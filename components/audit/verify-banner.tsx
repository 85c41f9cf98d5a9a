'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/shared/format';
import type { ActionState } from '@/lib/views/action-result';
import type { AuditDto } from '@/lib/views/dto';
import { verifiedWords } from './verified-words';

/** What the last walk over the chain found. A broken chain says so until a whole one is found. */
export function VerifyBanner({ last, state }: { last: AuditDto['lastVerified']; state: ActionState }) {
  if (state.ok === false)
    return (
      <Panel edge="red" bar className="px-4 py-4">
        <FormAnswer state={state} />
      </Panel>
    );
  if (!last)
    return (
      <Panel className="flex items-center gap-3 px-4 py-4">
        <StatusGlyph status="unknown" />
        <p className="text-t2">
          <span className="font-medium text-t1">Not verified since this server started.</span> Verify chain reads every
          entry and changes nothing.
        </p>
      </Panel>
    );
  const { fact, rest } = verifiedWords(last);
  return (
    <Panel
      edge={last.ok ? 'green' : 'red'}
      bar={!last.ok}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-4"
      aria-live="polite"
    >
      <StatusGlyph status={last.ok ? 'passed' : 'failed'} />
      <p className="min-w-0 flex-1 text-t2">
        <span className="font-semibold text-t1">{fact}</span>
        {rest}
      </p>
      <p className="text-12 text-t3 max-md:w-full max-md:pl-7">
        <Time iso={last.at} />, took {last.ms < 100 ? `${last.ms} ms` : formatDuration(last.ms)}
      </p>
    </Panel>
  );
}
