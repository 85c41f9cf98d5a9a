import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRunbook } from '@/lib/fleet/load';
import type { PlanLine } from '@/lib/shared/evidence';
import type { Verdict } from '@/lib/steps/step';
import { criteriaNames, missingIn, readCriteria, stepsIn, unmetCriteria } from './criteria';

const runbookNames = readdirSync('lib/runbooks')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -5));
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

  it.each(criteriaNames())('%s: each trap ends in a step that it has, and a test of that name takes it', (name) => {
    const runbooks = [name, ...readCriteria(name).also].map(runbookOf);
    const steps = runbooks.flatMap(stepsIn).map(({ id }) => id);
    const lost = readCriteria(name).traps.flatMap(({ trap, step, test }) => [
      ...(steps.includes(step) ? [] : [`${trap}: there is no step ${step}`]),
      ...(existsSync(test.file) && readFileSync(test.file, 'utf8').includes(test.name)
        ? []
        : [`${trap}: ${test.file} has no test "${test.name}"`]),
    ]);
    expect(lost).toEqual([]);
  });

  it.each(runbookNames)('%s: every flow that a step names is there', (name) => {
    const runbook = runbookOf(name);
    const named = stepsIn(runbook).flatMap(({ params }) => (typeof params.flow === 'string' ? params.flow : []));
    expect(named.filter((flow) => !runbook.flows[flow])).toEqual([]);
  });

  it('have a worst trap for each of the five', () => {
    const seeds = criteriaNames().map(readCriteria);
    const without = seeds
      .map(({ seed }) => seed)
      .filter((seed) => !seeds.some((one) => one.seed === seed && one.traps.length));
    expect(without).toEqual([]);
  });

  it('are unmet by a plan that writes where it must not', () => {
    const runbook = runbookOf('sx-postgres-primary');
    const line = { type: 'sql', on: 'target', effect: 'write', does: 'Drops the schema.', undo: 'never' } as PlanLine;
    const unmet = (lines: PlanLine[]) =>
      unmetCriteria(runbook, { verdicts: new Map(), plans: new Map([['rollback-switch', lines]]) }).join('\n');
    expect(unmet([line])).toContain('rollback-switch writes to the target: Drops the schema.');
    expect(unmet([{ ...line, effect: 'read' }])).not.toContain('rollback-switch');
  });

  it('are unmet by evidence that is absent, by a claim nobody made, and by one that is not passed', () => {
    const runbook = runbookOf('sx-postgres-primary');
    const lines = readCriteria('sx-postgres-primary').criteria;
    expect(unmetCriteria(runbook, { verdicts: new Map(), plans: new Map() })).toContain(
      '§2 Schema is created and queryable: bootstrap was not run',
    );
    const claim = (text: string, verdict: 'passed' | 'failed') =>
      ({ checkpoints: [{ key: 'k', claim: text, verdict, evidence: { summary: 'seen' } }] }) as unknown as Verdict;
    const with_ = (verdict: Verdict) =>
      unmetCriteria(runbook, { verdicts: new Map([['bootstrap', verdict]]), plans: new Map() }).join('\n');
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
