import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@/lib/shared/json';
import type { Place } from './walk-runbook';
import type { CutoverRows } from './rows';

export type Fingerprint = { digest: string; parts: Record<string, string> };

const factPrefix = 'fingerprint.';
const textOf = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value));

/** Every step that `place` rests on, directly or through others. */
export function coveredSteps(places: Map<string, Place>, place: Place): string[] {
  const covered = new Set<string>();
  const visit = (id: string): void => {
    if (covered.has(id)) return;
    covered.add(id);
    for (const need of places.get(id)?.needs ?? []) visit(need);
  };
  for (const need of place.needs) visit(need);
  return [...places.keys()].filter((id) => covered.has(id));
}

/**
 * What a sign-off is bound to, part by part: runbook, plans as they were run, rules chosen, and what the covered steps
 * declared as `fingerprint.<part>`. A change in any part makes the sign-off stale; a repeat that ends the same does not.
 */
export function fingerprintOf(
  rows: CutoverRows,
  covered: string[],
  greenBy: (stepId: string) => string | null,
): Fingerprint {
  const { cutover } = rows;
  const parts: Record<string, string> = {
    runbook: `${rows.runbook.name} ${rows.runbook.version} ${cutover.runbookDigest}`,
    fleet: cutover.fleetDigest,
  };
  for (const id of covered) {
    const green = greenBy(id);
    const planDigest = rows.attempts.find((attempt) => attempt.id === green)?.planDigest;
    if (planDigest) parts[`plan of ${id}`] = planDigest;
    if (green?.startsWith('override:')) parts[`override of ${id}`] = green;
  }
  for (const { key, rule } of rows.findings) if (rule) parts[`rule for ${key}`] = rule;
  for (const { stepId, name, value } of rows.facts)
    if (name.startsWith(factPrefix) && covered.includes(stepId)) parts[name.slice(factPrefix.length)] = textOf(value);
  for (const { stepId, itemId, note } of rows.ticks) if (covered.includes(stepId)) parts[`ticked ${itemId}`] = note;
  return { digest: createHash('sha256').update(canonicalJson(parts)).digest('hex'), parts };
}

/** Names of the parts that differ. */
export const changedParts = (before: Record<string, string>, after: Record<string, string>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((part) => before[part] !== after[part]).sort();
