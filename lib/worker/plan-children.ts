import { startStepProcess, type StepProcess } from './step-process';

type Warm = { child: StepProcess; busy: Promise<void>; idle: NodeJS.Timeout | null };

/** Processes that make plans, one for each cutover, kept for the next plan: several steps become ready at once. */
export type PlanChildren = {
  /** Waits for the plan before; a process that died with one is not used for the next. Null: this worker is ending. */
  use<T>(cutoverId: string, work: (child: StepProcess) => Promise<T>): Promise<T | null>;
  /** Ends all, also those at work. */
  end(): void;
};

/** @param idleMs how long a process without work is kept */
export function keepPlanChildren(childPath: string, idleMs: number): PlanChildren {
  const kept = new Map<string, Warm>();
  let over = false;
  const end = (cutoverId: string, warm: Warm): void => {
    if (warm.idle) clearTimeout(warm.idle);
    warm.child.kill();
    if (kept.get(cutoverId) === warm) kept.delete(cutoverId);
  };
  const childOf = (warm: Warm): StepProcess => {
    if (!warm.child.alive()) warm.child = startStepProcess(childPath);
    return warm.child;
  };
  return {
    async use(cutoverId, work) {
      let warm = kept.get(cutoverId);
      if (!warm) {
        warm = { child: startStepProcess(childPath), busy: Promise.resolve(), idle: null };
        kept.set(cutoverId, warm);
      }
      const mine = warm;
      if (mine.idle) clearTimeout(mine.idle);
      const before = mine.busy;
      let done = (): void => undefined;
      const own = new Promise<void>((resolve) => {
        done = resolve;
      });
      mine.busy = own;
      await before;
      try {
        // The attempt is left to another worker, which finds this one gone.
        if (over) return null;
        return await work(childOf(mine));
      } finally {
        done();
        if (mine.busy === own) mine.idle = setTimeout(() => end(cutoverId, mine), idleMs).unref();
      }
    },
    end() {
      over = true;
      for (const [cutoverId, warm] of kept) end(cutoverId, warm);
    },
  };
}
