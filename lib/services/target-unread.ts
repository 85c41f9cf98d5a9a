import type { TargetUnread } from '@/lib/shared/target-unread';
import type { ProfileMeasure } from './measure-profile';

/** Why this look could not read the target; null where it was read. */
export function targetUnreadOf({ target, at }: Pick<ProfileMeasure, 'target' | 'at'>): TargetUnread | null {
  if (target.reachable) return null;
  const error = target.error;
  const said = error && typeof error === 'object' && !Array.isArray(error) ? error : {};
  const text = (name: string, otherwise: string): string => {
    const value = said[name];
    return typeof value === 'string' && value ? value : otherwise;
  };
  return {
    since: at,
    message: text('message', 'The target could not be read.'),
    advice: text('advice', ''),
    code: text('code', 'target_unreachable'),
  };
}
