import { isAway } from './while-away';

/** Repeats an act, at once and then after each interval; a failure is said once and the next turn tries again. @returns stop */
export function every(ms: number, what: string, act: () => Promise<unknown>): () => void {
  let busy = false;
  let said = '';
  const turn = (): void => {
    if (busy) return;
    busy = true;
    act()
      .then(
        () => {
          said = '';
        },
        (thrown: unknown) => {
          const text = thrown instanceof Error ? thrown.message : String(thrown);
          if (text !== said && !isAway(thrown)) console.error(`worker: ${what} failed:`, text);
          said = text;
        },
      )
      .finally(() => {
        busy = false;
      });
  };
  turn();
  const timer = setInterval(turn, ms);
  return () => clearInterval(timer);
}
