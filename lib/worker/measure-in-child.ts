import type { ProfileEntry } from '@/lib/fleet/schema';
import type { ProfileMeasure } from '@/lib/services/measure-profile';
import { askChild } from './ask-child';

/** One slow reading of a profile in a process of its own; null when it failed or took over a minute. */
export const measureInChild = (
  childPath: string,
  profile: ProfileEntry,
  dsn: string,
  allowedRoots: string[],
): Promise<ProfileMeasure | null> =>
  askChild(childPath, { type: 'measure', profile, dsn, allowedRoots }, (message) =>
    message.type === 'measured' ? message.value : undefined,
  );
