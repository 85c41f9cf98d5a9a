import { expect, it } from 'vitest';
import { notPassed, type Walk } from './walk-context';

/** One test a step, on the walk that `of` gives when it is its turn: everything the step claims has passed. */
export const runAllOf =
  (of: () => Walk) =>
  (ids: readonly string[]): void => {
    for (const id of ids)
      it(`${id} passes, and its plan is the same before and after`, async () => {
        expect(notPassed(await of().run(id))).toEqual([]);
      }, 60_000);
  };

/** Runs steps within a test. The first that claims something else ends it, by its name. */
export async function expectGreen(walk: Walk, ids: readonly string[]): Promise<void> {
  for (const id of ids) expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
}
