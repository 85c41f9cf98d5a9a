import { expect } from '@playwright/test';
import { test } from '../support/test';
import { abandon, driveUntil, pressRollBack, pressSwitch, settled, storyOf } from '../support/drive';
import { blockAt, reached, unblock, unblockAll } from '../support/failpoints';
import { callService, compareProfile } from '../support/fleet';
import { killProcess } from '../support/processes';

// One profile, one cutover after another: each begins where the one before it came to rest.
test.describe.configure({ mode: 'serial' });
test.afterAll(unblockAll);

/** Places of the switch and of the way back; a worker is killed at each, once in each direction. */
const places = [
  'attempt:before-run',
  'freeze:before-call',
  'fence:before',
  'fence:after',
  'switch:before-env',
  'switch:after-env',
  'switch:after-restart',
  'thaw:before-env',
  'thaw:before-call',
  'attempt:after-run',
  'attempt:after-check',
  'attempt:before-record',
];
const sourceId = 'assets_2';
const user = () => callService(sourceId, `sx-${sourceId}`);

/** Presses, kills the worker where it blocks, and returns where the cutover came to rest. */
async function killAt(place: string, press: () => Promise<void>, id: string): Promise<string> {
  blockAt(place);
  await press();
  await reached(place);
  killProcess('worker');
  unblock(place);
  await expect.poll(() => settled(id), { timeout: 150_000, intervals: [300] }).not.toBe('under way');
  return settled(id);
}

for (const place of places)
  test(`a worker killed at ${place} leaves the profile on one side, there and back, with every write`, async () => {
    test.setTimeout(400_000);
    const note = `written before the kill at ${place}`;
    expect(await user().saveNote(note)).toMatchObject({ status: 200, backend: 'sqlite' });
    const id = await driveUntil(sourceId, 'freeze');
    const state = await killAt(place, () => pressSwitch(id), id);
    if (state === 'switched') {
      expect(compareProfile(sourceId, `${sourceId}.db`).filter(({ equal }) => !equal)).toEqual([]);
      expect(await user().backend()).toBe('postgres_primary');
      const after = await killAt(place, () => pressRollBack(id), id);
      expect(after, await storyOf(id)).toBe('rolled_back');
    }
    // Either way users read and write their own rows on SQLite again.
    expect(await user().readNote(), await storyOf(id)).toMatchObject({ backend: 'sqlite', markdown: note });
    expect(await user().saveNote(`${note}, and after it`)).toMatchObject({ status: 200, backend: 'sqlite' });
    await abandon(id, sourceId);
  });
