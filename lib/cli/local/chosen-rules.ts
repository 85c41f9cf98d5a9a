import { CutoverError } from '@/lib/errors';
import { visibleText } from '@/lib/shared/visible-text';
import type { SentFinding } from '@/db/queries/step-state/save-findings';

export type Asked = { finding: string; rule: string };
type Finding = Pick<SentFinding, 'key' | 'code' | 'rules' | 'blocking'>;

const unknownRule = (message: string, advice: string): CutoverError =>
  new CutoverError({ code: 'rule_unknown', message, advice });

/** `table.column.code=rule` or `*.code=rule`; the last = parts them, since names may hold one. @throws CutoverError input_invalid */
export function readRule(text: string): Asked {
  const at = text.lastIndexOf('=');
  const asked = { finding: text.slice(0, at), rule: text.slice(at + 1).trim() };
  if (at > 0 && asked.finding.trim() && asked.rule)
    return asked.finding.trim().startsWith('*.') ? { ...asked, finding: asked.finding.trim() } : asked;
  throw new CutoverError({
    code: 'input_invalid',
    message: `--rule '${text}' is not of the form 'table.column.code=rule' or '*.code=rule'.`,
    advice: 'Copy the finding as check prints it, and one of its rules.',
  });
}

/**
 * The rule for each finding that was asked for; a rule for one finding wins over `*.code`, which may mean none.
 * @throws CutoverError rule_unknown for a finding that is not there, or a rule that it does not offer
 */
export function chooseRules(findings: readonly Finding[], asked: readonly Asked[]): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const { finding, rule } of [...asked].sort((a, b) => Number(isStar(b)) - Number(isStar(a)))) {
    const meant = isStar({ finding })
      ? findings.filter(({ code }) => code === finding.slice(2))
      : named(findings, finding);
    if (!meant.length && isStar({ finding })) continue;
    if (!meant.length)
      throw unknownRule(
        `There is no finding '${finding}'.`,
        findings.length
          ? `Findings: ${findings
              .map(({ key }) => key)
              .slice(0, 10)
              .join(', ')}${findings.length > 10 ? ', …' : ''}.`
          : 'This file has no findings; leave the --rule out.',
      );
    const taking = meant.filter(({ rules }) => rules.some(({ name }) => name === rule));
    const without = meant.find((one) => !taking.includes(one));
    // A star means every finding that offers the rule; the others stay open and are listed.
    if (!taking.length || (without && !isStar({ finding })))
      throw unknownRule(
        `The finding '${meant[0]?.key}' does not offer the rule '${rule}'.`,
        meant[0]?.rules.length
          ? `It offers: ${meant[0].rules.map(({ name }) => name).join(', ')}.`
          : 'It offers none: change the data or the target, then check again.',
      );
    for (const { key } of taking) chosen[key] = rule;
  }
  return chosen;
}

/** By its key, or as the terminal prints a key that holds what cannot be seen; never two of them. */
function named<F extends Finding>(findings: readonly F[], name: string): F[] {
  const exact = findings.filter(({ key }) => key === name);
  const printed = exact.length
    ? exact
    : findings.filter(({ key }) => [visibleText(key), visibleText(key).trim()].includes(name.trim()));
  return printed.length > 1 ? [] : printed;
}

const isStar = ({ finding }: Pick<Asked, 'finding'>): boolean => finding.startsWith('*.');

/** `*.code=rule` that no finding answers to: one script of rules may serve many files. */
export const idleStars = (findings: readonly Finding[], asked: readonly Asked[]): string[] =>
  asked
    .filter((one) => isStar(one) && !findings.some(({ code }) => code === one.finding.slice(2)))
    .map(({ finding, rule }) => `${finding}=${rule}`);

/** Rules kept from before, of findings that are still there and still offer them. */
export const stillOffered = (findings: readonly Finding[], kept: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(kept).filter(([key, rule]) =>
      findings.some((one) => one.key === key && one.rules.some(({ name }) => name === rule)),
    ),
  );

/** Blocking findings without a rule. */
export const openOf = <F extends Finding>(findings: readonly F[], rules: Record<string, string>): F[] =>
  findings.filter(({ key, blocking }) => blocking && !rules[key]);
