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
