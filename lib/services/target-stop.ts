import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The launcher of the demo keeps its target's cluster down while this file is there, and starts it when it is gone. */
const fileOf = (home: string): string => path.join(home, 'target', 'stopped-on-purpose');

export const targetIsStopped = (home: string): boolean => existsSync(fileOf(home));

export function wantTargetStopped(home: string, stopped: boolean): void {
  if (stopped) writeFileSync(fileOf(home), 'by a person, from the demo\n', { mode: 0o600 });
  else rmSync(fileOf(home), { force: true });
}
