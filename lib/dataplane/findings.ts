import { ruleEffects, findingKey } from './rules';
import type { Finding, FindingCode, RuleName } from './types';

type NewFinding = {
  code: FindingCode;
  table: string;
  column?: string | null;
  count?: bigint;
  message: string;
  sample?: { key: string; value: string }[];
  rules?: RuleName[];
  blocking?: boolean;
};

/** A finding with its stable key and the words of its rules. Blocking unless said otherwise. */
export const finding = ({
  code,
  table,
  column = null,
  count = 1n,
  message,
  sample = [],
  rules = [],
  blocking = true,
}: NewFinding): Finding => ({
  key: findingKey(table, column, code),
  code,
  table,
  column,
  count,
  message,
  sample,
  blocking,
  rules: rules.map((name) => ({ name, effect: ruleEffects[name] })),
});

/** Blocking findings for which no rule on offer was chosen. */
export const openFindings = (
  findings: readonly Finding[],
  rules: readonly { key: string; rule: string }[],
): Finding[] =>
  findings.filter(
    (one) =>
      one.blocking && !rules.some(({ key, rule }) => key === one.key && one.rules.some(({ name }) => name === rule)),
  );
