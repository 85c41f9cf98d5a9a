import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/shared/statuses';
import type { CutoverRows } from './rows';
import { refusePerson, requirePerson } from './who-may';

const rows = {
  signOffs: [{ by: 'rita', decision: 'signed' }],
  attempts: [
    { requestedBy: 'olga', stepId: 'import' },
    { requestedBy: 'olga', stepId: 'import' },
    { requestedBy: null, stepId: 'freeze' },
  ],
} as unknown as CutoverRows;
const person = (id: string, ...roles: Role[]) => ({ id, name: id, roles });
const thrown = (act: 'run' | 'repair' | 'sign-off' | 'rollback', actor: ReturnType<typeof person>) => {
  try {
    requirePerson(rows, act, { actor });
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('who may press', () => {
  it('asks for a role, and says which', () => {
    expect(refusePerson(rows, 'run', person('rudi', 'reviewer'))).toEqual({ why: 'role', roles: ['operator'] });
    expect(thrown('run', person('rudi', 'reviewer'))).toBe('role_missing');
  });

  it('lets nobody run or repair what they signed, whatever other roles they have; a rollback stays open', () => {
    const rita = person('rita', 'reviewer', 'operator');
    for (const act of ['run', 'repair'] as const) {
      expect(refusePerson(rows, act, rita)).toEqual({ why: 'signed' });
      expect(thrown(act, rita)).toBe('own_work');
    }
    expect(refusePerson(rows, 'rollback', rita)).toBe(null);
  });

  it('lets nobody sign what they ran, each step named once', () => {
    const olga = person('olga', 'operator', 'reviewer');
    expect(refusePerson(rows, 'sign-off', olga)).toEqual({ why: 'ran', steps: ['import'] });
    expect(thrown('sign-off', olga)).toBe('own_work');
    expect(thrown('sign-off', person('rudi', 'reviewer'))).toBe(null);
  });
});
