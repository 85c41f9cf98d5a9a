import { describe, expect, it } from 'vitest';
import {
  bySystem,
  chosenProfile,
  chosenWave,
  firstPhase,
  phaseAt,
  type ProfileChoice,
  withRunbook,
} from './choose-profile';

const profile = (sourceId: string, blockedBy: string | null = null): ProfileChoice => ({
  system: 'sx',
  systemTitle: 'sx library',
  sourceId,
  runbook: 'r',
  runbookTitle: 'R',
  runbooks: ['r', 'rehearsal'],
  service: null,
  observed: null,
  surfaces: [],
  alone: [],
  blockedBy,
  openCutoverId: null,
});

describe('choosing what to plan', () => {
  const profiles = [profile('busy', 'It has a cutover already.'), profile('free'), profile('also free')];
  it.each([
    [profiles, 'sx', 'also free', 'also free'],
    [profiles, 'sx', 'busy', 'busy'],
    [profiles, null, null, 'free'],
    [profiles, 'other', 'also free', 'free'],
    [profiles.slice(0, 1), null, null, undefined],
    [[], null, null, undefined],
  ])('takes the named one, also a blocked one, else the first free', (list, system, sourceId, wanted) =>
    expect(chosenProfile(list, system, sourceId)?.sourceId).toBe(wanted),
  );

  it('walks another runbook of the profile when the address names one that it has', () => {
    expect(withRunbook(profile('free'), 'rehearsal')?.runbook).toBe('rehearsal');
    expect(withRunbook(profile('free'), 'of another')?.runbook).toBe('r');
    expect(withRunbook(null, 'r')).toBeNull();
  });

  it('takes the wave that the address names, in its order, once each, and nothing the fleet does not have', () => {
    const named = ['["sx","free"]', '["sx","busy"]', '["sx","free"]', '["sx","gone"]', 'free'];
    expect(chosenWave(profiles, named).map(({ sourceId }) => sourceId)).toEqual(['free', 'busy']);
  });

  it('finds profiles by their name or their system', () => {
    const names = (text: string) =>
      bySystem(profiles, text).flatMap((group) => group.profiles.map((one) => one.sourceId));
    expect([names(''), names('library FREE'), names('oris')]).toEqual([
      ['busy', 'free', 'also free'],
      ['free', 'also free'],
      [],
    ]);
  });

  const phases = [
    { title: 'Switch', atSeconds: 0 },
    { title: 'Prepare', atSeconds: -2400 },
  ];
  it('says when the first phase is due, and that it is late', () => {
    const t0 = '2026-11-21T02:30:00.000Z';
    const due = '2026-11-21T01:50:00.000Z';
    expect(firstPhase(t0, phases, Date.parse(due) - 1)).toEqual({ title: 'Prepare', at: due, late: false });
    expect(firstPhase(t0, phases, Date.parse(due) + 1)?.late).toBe(true);
    expect(firstPhase(t0, [], 0)).toBeNull();
    expect(phaseAt(t0, 600)).toBe('2026-11-21T02:40:00.000Z');
  });
});
