import type { ProfileEntry, SystemEntry } from '@/lib/fleet/schema';
import { shareSource } from '@/lib/fleet/source-files';
import { listWords } from '@/lib/shared/words';

type Fleet = Pick<SystemEntry, 'profiles'>;
type Shared = 'process' | 'file';

const sameProcess = (a: ProfileEntry, b: ProfileEntry): boolean =>
  a.service !== undefined && a.service !== null && a.service === b.service;
const sameFile = (a: ProfileEntry, b: ProfileEntry): boolean => shareSource(a.source, b.source);
const sameSchema = (a: ProfileEntry, b: ProfileEntry): boolean =>
  a.target.schema === b.target.schema && a.target.dsn_env === b.target.dsn_env;

/** "one file with library_7", "one process and one file with team_5"; null when a profile stands alone. */
export function sharedWords({ profiles }: Fleet, own: ProfileEntry): string | null {
  const byKind = new Map<string, string[]>();
  for (const other of profiles) {
    if (other.source_id === own.source_id) continue;
    const shared: Shared[] = [
      ...(sameProcess(own, other) ? (['process'] as const) : []),
      ...(sameFile(own, other) ? (['file'] as const) : []),
    ];
    if (shared.length === 0) continue;
    const kind = listWords(shared.map((one) => `one ${one}`));
    byKind.set(kind, [...(byKind.get(kind) ?? []), other.source_id]);
  }
  if (byKind.size === 0) return null;
  return [...byKind].map(([kind, ids]) => `${kind} with ${listWords(ids)}`).join(', ');
}

/** `cause` goes on after "Cannot start:". */
export type Blocker = { cause: string; advice: string };

/** Why a preflight of this profile would fail by what the fleet file alone says; null when nothing stands in the way. */
export function startBlocker({ profiles }: Fleet, own: ProfileEntry): Blocker | null {
  const first = profiles.find((other) => sameSchema(own, other));
  if (first && first.source_id !== own.source_id)
    return {
      cause: `schema ${own.target.schema} already belongs to ${first.source_id}.`,
      advice: 'Give this profile a schema of its own in the fleet file.',
    };
  return null;
}
