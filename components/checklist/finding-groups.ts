import type { FindingShown } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';

/** From here on a list is grouped by table and can be filtered. */
export const manyFindings = 8;

export const isOpen = (finding: FindingShown): boolean =>
  finding.blocking && finding.rule === null && finding.rules.length > 0;

export type FindingFilter = { text: string; openOnly: boolean };

/** Words must all be found in table, column, kind or message. */
export function filterFindings(findings: readonly FindingShown[], { text, openOnly }: FindingFilter): FindingShown[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return findings.filter((finding) => {
    if (openOnly && !isOpen(finding)) return false;
    const all = `${finding.table} ${finding.column ?? ''} ${finding.code} ${finding.message}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export type FindingTable = { table: string; findings: FindingShown[]; open: number };

/** Under their table, tables with something to decide first. */
export function byTable(findings: readonly FindingShown[]): FindingTable[] {
  const tables = new Map<string, FindingShown[]>();
  for (const finding of findings) tables.set(finding.table, [...(tables.get(finding.table) ?? []), finding]);
  return [...tables]
    .map(([table, own]) => ({ table, findings: own, open: own.filter(isOpen).length }))
    .toSorted((a, b) => Number(b.open > 0) - Number(a.open > 0) || a.table.localeCompare(b.table));
}

export type FindingKind = {
  code: string;
  open: FindingShown[];
  rules: FindingShown['rules'];
  /** Rules that keep every value, but of some of the findings only. */
  partly: { name: string; fits: number }[];
};

/** Never one that loses values: nobody is led to it with one press. '': a person chooses. */
export const firstRule = ({ rules }: Pick<FindingKind, 'rules'>): string =>
  rules.find(({ loses }) => !loses)?.name ?? '';

/** "1,204 values in 3 columns", all findings of the kind together. */
export function sharedExtent({ open }: Pick<FindingKind, 'open'>): string {
  const values = open.reduce((sum, { count }) => sum + BigInt(count), 0n);
  const places = new Set(open.map(({ table, column }) => JSON.stringify([table, column]))).size;
  const noun = open.every(({ column }) => column !== null) ? 'column' : 'place';
  return `${countWords(values, 'value')} in ${countWords(places, noun)}`;
}

/** How much one finding's losing rule takes: "3 values of person.born would be lost, whole or in part." */
export const lostBy = ({ count, table, column }: Pick<FindingShown, 'count' | 'table' | 'column'>): string =>
  `${countWords(count, 'value')} of ${column ? `${table}.${column}` : table} would be lost, whole or in part.`;

function partlyKept(open: FindingShown[]): FindingKind['partly'] {
  const kept = open.flatMap(({ rules }) => rules.filter(({ loses }) => !loses).map(({ name }) => name));
  return [...new Set(kept)]
    .map((name) => ({ name, fits: kept.filter((one) => one === name).length }))
    .filter(({ fits }) => fits < open.length);
}

/** Kinds with several findings to decide, and the rules that every one of them offers. */
export function sharedKinds(findings: readonly FindingShown[]): FindingKind[] {
  const kinds = new Map<string, FindingShown[]>();
  for (const finding of findings.filter(isOpen)) kinds.set(finding.code, [...(kinds.get(finding.code) ?? []), finding]);
  return [...kinds]
    .filter(([, open]) => open.length > 1)
    .map(([code, open]) => ({
      code,
      open,
      rules: (open[0]?.rules ?? []).filter(({ name }) =>
        open.every(({ rules }) => rules.some((one) => one.name === name)),
      ),
      partly: partlyKept(open),
    }))
    .filter(({ rules }) => rules.length > 0)
    .toSorted((a, b) => b.open.length - a.open.length);
}
