import type { Finding } from '@/lib/dataplane';

/** Rules that keep the type a service expects. A wider integer is read by every driver that reads the narrower one. */
const keepsType = (rule: string): boolean => rule === 'widen-to-bigint' || !/^(widen-to-|drop-not-null$)/.test(rule);

/** In a schema that a service made, its own types are the authority: rules that keep them are offered first, and the
 *  others say what they ask of the service. */
export const rulesForService = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => ({
    ...finding,
    rules: [
      ...finding.rules.filter(({ name }) => keepsType(name)),
      ...finding.rules
        .filter(({ name }) => !keepsType(name))
        .map(({ name, effect }) => ({ name, effect: `${effect} The service must be able to work with that.` })),
    ],
  }));

const unplaced = ['table_without_target', 'column_without_target'];

/** Where the runbook refuses it, what has no target cannot be answered by leaving it out: the finding stays open. */
export const withoutLeavingOut = (findings: readonly Finding[], how: 'ask' | 'refuse'): Finding[] =>
  findings.map((finding) =>
    how === 'refuse' && unplaced.includes(finding.code)
      ? {
          ...finding,
          rules: [],
          blocking: true,
          message: `${finding.message} This runbook lets nothing be left out: give it a place in the target first.`,
        }
      : finding,
  );
