import type { CutoverRows } from '@/lib/cutover/rows';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import { CutoverError } from '@/lib/errors';
import { fleetNow } from '@/lib/cutover/fleet-now';
import type { Reader } from '@/db/tx';
import { openCutoverStates } from '@/lib/shared/statuses';
import type { WizardDto } from '@/lib/views/dto';

const versionWords = (pinned: Runbook, now: Runbook): string =>
  pinned.version === now.version
    ? `Runbook ${pinned.name} reads differently now, though its version is still ${now.version}.`
    : `Runbook ${pinned.name} is ${now.version} now, this cutover walks ${pinned.version}.`;

/** The files as they are now against what this cutover pinned; only while it is open. */
export async function driftOf(db: Reader, { cutover, runbook }: CutoverRows): Promise<WizardDto['drifted']> {
  if (!(openCutoverStates as readonly string[]).includes(cutover.state)) return null;
  try {
    const fleet = await fleetNow(db);
    if (fleet.find(cutover.system, cutover.sourceId).digest !== cutover.fleetDigest)
      return {
        file: 'fleet',
        text: `The fleet entry of ${cutover.sourceId} changed since this cutover was planned. It goes on with the old one until you adopt the new.`,
      };
    const now = fleet.runbook(runbook.name);
    if (now.digest !== cutover.runbookDigest)
      return {
        file: 'runbook',
        text: `${versionWords(runbook, now.runbook)} It goes on with the old one until you adopt the new.`,
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
