import { describe, expect, it } from 'vitest';
import { readRunbook } from '@/lib/fleet/load';
import type { Verdict } from '@/lib/steps/step';
import { criteriaNames, missingIn, readCriteria, unmetCriteria } from './criteria';

const runbookOf = (name: string) => readRunbook(`lib/runbooks/${name}.yaml`, name).runbook;

describe('criteria of the seeds', () => {
  it('are there for each of the five', () => {
    expect([...new Set(criteriaNames().map((name) => readCriteria(name).seed))].sort()).toEqual([
      'fabio-file-to-postgres.md',
      'humanonly-migration-path.md',
      'orcheo-postgres-migration.md',
      'oris-backup-restore.md',
      'sx_db-postgres-primary.md',
    ]);
  });

  it.each(criteriaNames())('%s: each names a step, an item or a gate that its runbook has', (name) => {
    const runbooks = [name, ...readCriteria(name).also].map(runbookOf);
    const missing = readCriteria(name).criteria.flatMap(({ line, proof }) =>
      proof.flatMap((one) => {
        const lacks = runbooks.map((runbook) => missingIn(runbook, one));
        return lacks.includes(null) ? [] : [`${line}: ${lacks[0]}`];
      }),
    );
    expect(missing).toEqual([]);
  });

  it('are unmet by evidence that is absent, by a claim nobody made, and by one that is not passed', () => {
    const runbook = runbookOf('sx-postgres-primary');
    const lines = readCriteria('sx-postgres-primary').criteria;
    expect(unmetCriteria(runbook, new Map())).toContain('§2 Schema is created and queryable: bootstrap was not run');
    const claim = (text: string, verdict: 'passed' | 'failed') =>
      ({ checkpoints: [{ key: 'k', claim: text, verdict, evidence: { summary: 'seen' } }] }) as unknown as Verdict;
    const with_ = (verdict: Verdict) => unmetCriteria(runbook, new Map([['bootstrap', verdict]])).join('\n');
    expect(with_(claim('something else', 'passed'))).toContain('bootstrap makes no claim');
    expect(with_(claim('The schema exists and every table can be read', 'failed'))).toContain(
      '"The schema exists and every table can be read" is failed: seen',
    );
    expect(with_(claim('The schema exists and every table can be read', 'passed'))).not.toContain(
      'every table can be read',
    );
    expect(lines.length).toBeGreaterThan(25);
  });
});
