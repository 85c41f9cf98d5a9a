import { CopyButton } from '@/components/ui/copy-button';
import { Mono } from '@/components/ui/mono';

/** Why a runbook is not planned in the console, and the command that runs it. */
export const AloneCommand = ({ command }: { command: string }) => (
  <>
    <p className="text-t2">
      It touches nothing of the profile, so there is nothing to plan, sign or take back. On the host of this console:
    </p>
    <p className="mt-2 flex max-w-full min-w-0 items-center gap-2 rounded-control bg-s2 px-3 py-1.5">
      <Mono className="min-w-0 text-12 break-all">{command}</Mono>
      <CopyButton text={command} label="Copy the command" />
    </p>
  </>
);
