import type { CutoverRows } from '@/lib/cutover/rows';
import { CutoverError } from '@/lib/errors';
import { currentFleet } from '@/lib/fleet/load';
import { openCutoverStates } from '@/lib/shared/statuses';
import type { WizardDto } from '@/lib/views/dto';

/** The files as they are now against what this cutover pinned; only while it is open. */
export function driftOf({ cutover, runbook }: CutoverRows): WizardDto['drifted'] {
  if (!(openCutoverStates as readonly string[]).includes(cutover.state)) return null;
  try {
    const fleet = currentFleet();
    if (fleet.find(cutover.system, cutover.sourceId).digest !== cutover.fleetDigest)
      return {
        file: 'fleet',
        text: `The fleet entry of ${cutover.sourceId} changed since this cutover was planned. It goes on with the old one until you adopt the new.`,
      };
    const now = fleet.runbook(runbook.name);
    if (now.digest !== cutover.runbookDigest)
      return {
        file: 'runbook',
        text: `Runbook ${runbook.name} is ${now.runbook.version} now, this cutover walks ${runbook.version}. It goes on with the old one until you adopt the new.`,
      };
    return null;
  } catch (thrown) {
    if (!(thrown instanceof CutoverError)) throw thrown;
    return {
      file: thrown.code === 'runbook_invalid' ? 'runbook' : 'fleet',
      text: `${thrown.message} ${thrown.advice} This cutover goes on with what it pinned.`,
    };
  }
}
