import { expect, it } from 'vitest';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { profileEntry } from '@/lib/fleet/schema';
import { rehearsalLinks } from './rehearsal-links';

const profile = (id: string, others: string[]) =>
  profileEntry.parse({
    source_id: id,
    source: { kind: 'sqlite-file', path: `/data/${id}.db` },
    target: { dsn_env: 'ORIS_DSN', schema: id },
    runbook: 'oris-restore',
    other_runbooks: others,
  });
const rowsOf = (...profiles: ReturnType<typeof profile>[]) =>
  ({ entry: { system: { name: 'oris', profiles }, profile: profiles[0] } }) as unknown as CutoverRows;
const step = (status: string) =>
  ({
    status,
    place: { step: { kind: 'require-record', params: { runbook: 'oris-rehearsal' } } },
  }) as unknown as DerivedStep;

it('leads to where a missing rehearsal is planned: on another profile that may walk it, else to its runbook', () => {
  const [own, able, not] = [
    profile('main', ['oris-rehearsal']),
    profile('lab a', ['oris-rehearsal']),
    profile('x', []),
  ];
  expect(rehearsalLinks(rowsOf(own, able, not), step('failed'))).toEqual([
    { label: 'Plan oris-rehearsal on lab a', href: '/cutovers/new?system=oris&source=lab%20a&runbook=oris-rehearsal' },
  ]);
  expect(rehearsalLinks(rowsOf(own), step('failed'))).toEqual([
    { label: 'Read runbook oris-rehearsal', href: '/runbooks/oris-rehearsal' },
  ]);
  expect(rehearsalLinks(rowsOf(own, able), step('passed'))).toEqual([]);
});
