import type { ProfileStateRow } from '@/db/queries/views/read-profile-states';
import type { ProfileEntry } from '@/lib/fleet/schema';

/** Why the newest look at the source read nothing, as its error said it. */
export type Unread = { message: string; advice: string; code: string };

const isUnread = (error: ProfileStateRow['error']): error is Unread =>
  typeof error === 'object' && error !== null && !Array.isArray(error) && typeof error.message === 'string';

/** A source that was looked at and could not be read; null where it was read, or is the live schema, which is no file. */
export function unreadOf(
  state: Pick<ProfileStateRow, 'countedAt' | 'sourceBytes' | 'error'> | null,
  { source }: Pick<ProfileEntry, 'source'>,
): Unread | null {
  if (!state?.countedAt || state.sourceBytes !== null || source.kind === 'target-schema') return null;
  if (!isUnread(state.error)) return { message: 'The source could not be read.', advice: '', code: 'source_missing' };
  const { message, advice, code } = state.error;
  return { message, advice, code };
}
