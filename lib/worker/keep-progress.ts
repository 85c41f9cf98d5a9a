import type { Progress } from '@/lib/shared/evidence';

/** Writes readings one after another, skipping those that a newer one overtook, so that the last is what stays. */
export function keepProgress(save: (progress: Progress) => Promise<void>): {
  write(progress: Progress): void;
  /** Resolves when the last reading is kept, or could not be. */
  close(): Promise<void>;
} {
  let waiting: Progress | null = null;
  let busy: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    while (waiting) {
      const next = waiting;
      waiting = null;
      await save(next).catch(() => undefined);
    }
    busy = null;
  };
  return {
    write(progress) {
      waiting = progress;
      busy ??= drain();
    },
    close: () => busy ?? Promise.resolve(),
  };
}
