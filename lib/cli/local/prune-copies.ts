import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { homeFolder, readJson } from '@/lib/services/data-home';
import { formatCount } from '@/lib/shared/format';
import type { Output } from '@/lib/cli/command';
import { readJournal } from './journal';
import { stateFolders } from './state-folder';

/** As the shipped runbooks keep theirs. */
const keptDays = 30;
const isOld = (at: string | null | undefined, now: Date): boolean =>
  at != null && now.getTime() - Date.parse(at) > keptDays * 86_400_000;

/** Copies of sources that finished moves and exports have read: gone after thirty days; journal, evidence and log stay. An
 *  export whose copies are gone can be imported as before, but no batch of it can be written again. */
export function pruneCopies(output: Output, now = new Date()): string[] {
  const ofMoves = stateFolders()
    .filter((folder) => isOld(readJournal(folder).state.movedAt, now))
    .map((folder) => path.join(folder, 'snapshots'))
    .filter(existsSync);
  const exports = homeFolder('exports');
  const ofExports = readdirSync(exports, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(exports, entry.name))
    .filter((folder) => isOld(readJson<{ begunAt: string }>(path.join(folder, 'export.json'))?.begunAt, now));
  const pruned = [...ofMoves, ...ofExports];
  for (const folder of pruned) rmSync(folder, { recursive: true, force: true });
  if (pruned.length)
    output.line(
      `${formatCount(pruned.length)} copies of moves and exports older than ${keptDays} days were removed; evidence stays.`,
    );
  return pruned;
}
