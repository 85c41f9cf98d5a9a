import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fillPattern } from '@/e2e/fleet/write-fleet.mjs';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import { serviceEntry } from '@/lib/fleet/schema';
import { chooseSurfaces } from './choose-surfaces';

const file = 'lib/runbooks/orcheo-postgres-migration.yaml';
const loaded = { runbook: runbookFile.parse(parse(readFileSync(file, 'utf8'))), digest: 'd', path: file };
const names = { tenant: 'a', TENANT: 'A', title: 'A', home: '/home', repo: '/repo', node: 'node', port: '80' };
const fragment = fillPattern(parse(readFileSync('e2e/fleet/orcheo/fleet.fragment.yaml', 'utf8')), names);
const service = serviceEntry.parse(fragment.services[0]);

describe('surfaces of a planned cutover', () => {
  it('leaves the runbook as it is where none or all are chosen', () => {
    expect(chooseSurfaces(loaded, { service }, undefined)).toBe(loaded);
    expect(chooseSurfaces(loaded, { service }, ['graph_store', 'chatkit', 'checkpoint', 'repository'])).toBe(loaded);
  });

  it('keeps only steps and checks that concern the chosen ones, and no need of a step that is gone', () => {
    const { runbook, digest } = chooseSurfaces(loaded, { service }, ['chatkit']);
    const steps = runbook.phases.flatMap((phase) => phase.steps);
    const ids = steps.map(({ id }) => id);
    expect([runbook.surfaces, digest]).toEqual([['chatkit'], 'd']);
    expect(ids).not.toContain('service-export');
    expect(steps.flatMap(({ needs }) => needs).filter((id) => !ids.includes(id))).toEqual([]);
    const other = Object.values(runbook.flows).flatMap(({ checks }) => checks.map(({ surface }) => surface));
    expect(new Set(other)).toEqual(new Set([undefined, 'chatkit']));
  });

  it('refuses a name that is no surface, and a part where the runbook moves all or nothing', () => {
    expect(() => chooseSurfaces(loaded, { service }, ['vault'])).toThrow(/vault is no surface/);
    const whole = { ...loaded, runbook: { ...loaded.runbook, subset: false } };
    expect(() => chooseSurfaces(whole, { service }, ['chatkit'])).toThrow(/all surfaces or none/);
  });
});
