import { describe, expect, it } from 'vitest';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import type { AttemptState } from '@/lib/shared/statuses';
import { type NextOfPress, nextOfPress } from './next-of-press';
import type { AttemptRow, CutoverRows } from './rows';

const step = (id: string, kind = id) => ({ id, kind, planned_seconds: 1 });
const runbook = runbookFile.parse({
  name: 'r',
  version: '1',
  title: 'r',
  summary: 's',
  from: 'A',
  to: 'B',
  way_back: 'none',
  freeze_limit_seconds: 9,
  phases: [
    { id: 'p', title: 'p', at_seconds: -9, steps: [step('preflight'), step('import')] },
    {
      id: 's',
      title: 's',
      at_seconds: 0,
      sequence: true,
      steps: [step('freeze'), step('switch'), step('verify', 'verify-mode'), step('thaw')],
    },
  ],
  rollbacks: { runtime: { title: 'b', steps: [step('back-freeze', 'freeze'), step('back-switch', 'switch')] } },
});

type Tried = { stepId: string; state?: AttemptState; verb?: 'run' | 'undo'; started?: boolean; press?: string | null };
/** One attempt a line, oldest first; the last one has just ended. */
const cutoverOf = (id: string, tried: Tried[]): CutoverRows =>
  ({
    cutover: { id, state: 'open' },
    runbook,
    attempts: tried.map(({ stepId, state = 'done', verb = 'run', started = true, press = 'switch:1' }, at) => ({
      id: `${id}-${at}`,
      cutoverId: id,
      stepId,
      state,
      verb,
      startedAt: started ? new Date(at) : null,
      pressId: press,
    })),
  }) as unknown as CutoverRows;
const newest = (rows: CutoverRows): AttemptRow => {
  const attempt = rows.attempts.at(-1);
  if (!attempt) throw new Error('nothing was tried');
  return attempt;
};
/** "undo a freeze", "returned". */
const words = (next: NextOfPress): string =>
  'turn' in next ? `${next.verb} ${next.turn.rows.cutover.id} ${next.turn.place.step.id}` : next.end;
const follows = (tried: Tried[], passed: boolean): string => {
  const rows = cutoverOf('a', tried);
  return words(nextOfPress([rows], newest(rows), passed));
};
const failed = (stepId: string): Tried => ({ stepId, state: 'failed' });
const undone = (stepId: string): Tried => ({ stepId, verb: 'undo' });

describe('one cutover', () => {
  it('goes from step to step of its press, and a step that was pressed alone is followed by nothing', () => {
    expect(follows([{ stepId: 'freeze' }], true)).toBe('run a switch');
    expect(follows([{ stepId: 'freeze' }, { stepId: 'switch' }, { stepId: 'verify' }, { stepId: 'thaw' }], true)).toBe(
      'done',
    );
    expect(follows([{ stepId: 'preflight', press: null }], true)).toBe('done');
  });

  it('returns in reverse, the broken step first, until nothing is left to take back', () => {
    const broke = [{ stepId: 'freeze' }, { stepId: 'switch' }, failed('verify')];
    expect(follows(broke, false)).toBe('undo a verify');
    expect(follows([...broke, undone('verify')], false)).toBe('undo a switch');
    expect(follows([...broke, undone('verify'), undone('switch')], false)).toBe('undo a freeze');
    expect(follows([...broke, undone('verify'), undone('switch'), undone('freeze')], false)).toBe('returned');
    expect(follows([{ stepId: 'freeze' }, { ...failed('switch'), started: false }], false)).toBe('undo a freeze');
  });

  it('stops past a failed undo of what holds the service, after the thaw has started, and in a rollback', () => {
    const broke = [{ stepId: 'freeze' }, failed('switch')];
    expect(follows([...broke, { ...undone('switch'), state: 'failed' }], false)).toBe('stopped');
    expect(
      follows(
        [{ stepId: 'freeze' }, { stepId: 'switch' }, failed('verify'), { ...undone('verify'), state: 'failed' }],
        false,
      ),
    ).toBe('undo a switch');
    expect(follows([{ stepId: 'freeze' }, { stepId: 'switch' }, { stepId: 'verify' }, failed('thaw')], false)).toBe(
      'stopped',
    );
    expect(follows([{ ...failed('back-freeze'), press: 'rollback:1' }], false)).toBe('stopped');
  });
});

describe('cutovers of one press', () => {
  it('take each step together before the next, and go back in the opposite order', () => {
    const a = cutoverOf('a', [{ stepId: 'freeze' }]);
    const b = cutoverOf('b', [{ stepId: 'freeze', state: 'queued', started: false }]);
    expect(words(nextOfPress([a, b], newest(a), true))).toBe('run b freeze');
    const done = cutoverOf('a', [{ stepId: 'freeze' }, { stepId: 'switch' }]);
    const broke = cutoverOf('b', [{ stepId: 'freeze' }, failed('switch'), undone('switch')]);
    expect(words(nextOfPress([done, broke], newest(broke), false))).toBe('undo a switch');
  });

  it('let the one that is at work end first', () => {
    const busy = cutoverOf('a', [{ stepId: 'freeze' }, { stepId: 'switch', state: 'running' }]);
    const broke = cutoverOf('b', [failed('freeze')]);
    expect(nextOfPress([busy, broke], newest(broke), false)).toMatchObject({ end: 'ending', running: { id: 'a-1' } });
  });
});
