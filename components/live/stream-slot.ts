// Six open streams of one browser starve its fetches (HTTP/1.1), so three tabs hold one each and the others read slowly.
const slots = ['stream-0', 'stream-1', 'stream-2'];

let release: (() => void) | null = null;
let taking: Promise<boolean> | null = null;

function takeSlot(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(false);
        return new Promise<void>((end) => {
          release = end;
          resolve(true);
        });
      })
      .catch(() => resolve(false));
  });
}

async function takeAny(): Promise<boolean> {
  for (const name of slots) if (await takeSlot(name)) return true;
  return false;
}

export const holdSlot = {
  /** True when this tab may hold a stream. Without Web Locks (an insecure origin) every tab may. */
  async take(): Promise<boolean> {
    if (release || !('locks' in navigator)) return true;
    taking ??= takeAny().finally(() => {
      taking = null;
    });
    return taking;
  },
  release(): void {
    release?.();
    release = null;
  },
};
