'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import { formatDuration } from '@/lib/shared/format';
import type { ActionState } from '@/lib/views/action-result';
import type { AuditDto } from '@/lib/views/dto';

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
  const [lead, ...rest] = last.text.split(' in ');
  return (
    <Panel
      edge={last.ok ? 'green' : 'red'}
      bar={!last.ok}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-4"
      aria-live="polite"
    >
      <StatusGlyph status={last.ok ? 'passed' : 'failed'} />
      <p className="min-w-0 flex-1 text-t2">
        <span className="font-semibold text-t1">{last.ok ? lead : last.text}</span>
        {last.ok && rest.length > 0 && `, no gap, no fork${headOf(rest.join(' in '))}.`}
      </p>
      <p className="text-12 text-t3 max-md:w-full max-md:pl-7">
        <Time iso={last.at} />, took {formatDuration(last.ms)}
      </p>
    </Panel>
  );
}

/** ", head 9f2c41d0…" out of "0.3 s, head 9f2c41d0…." */
const headOf = (rest: string): string => /, head \S+?…/.exec(rest)?.[0] ?? '';
