import type { SentFinding } from '@/db/queries/step-state/save-findings';
import { formatCount } from '@/lib/shared/format';
import { quoteForShell } from '@/lib/shared/shell-text';
import { visibleText } from '@/lib/shared/visible-text';
import type { Output } from '@/lib/cli/command';
import { losingRules } from '@/lib/dataplane/rule-texts';
import { type Asked, idleStars, openOf } from './chosen-rules';

type Finding = SentFinding & { stepId?: string };

/** Each finding with its code, place, count, samples and rules; then the words that would answer the open ones.
 *  @param asked rules as they were given, of which those for all of a kind may have met none */
export function showFindings(
  output: Output,
  findings: readonly Finding[],
  rules: Record<string, string>,
  asked: readonly Asked[] = [],
): void {
  for (const idle of idleStars(findings, asked)) output.line(`  note: --rule '${idle}' met no finding.`);
  for (const finding of findings) {
    const chosen = rules[finding.key];
    const state = chosen ? `rule: ${chosen}` : finding.blocking ? 'open' : 'note';
    output.line('');
    output.line(`  ${finding.key}  ${formatCount(finding.count)}  [${state}]`);
    output.line(`    ${finding.message}`);
    for (const { key, value } of finding.sample.slice(0, 3)) output.line(`    at ${key}: ${shorten(value)}`);
    for (const rule of finding.rules)
      output.line(`    ${rule.name === chosen ? '→' : ' '} ${rule.name}: ${rule.effect}`);
    if (finding.blocking && !finding.rules.length)
      output.line('      no rule on offer: change the data or the target, then check again');
  }
  const open = openOf(findings, rules).filter((one) => one.rules.length);
  if (!open.length) return;
  output.line('');
  output.line('Answer each with one of its rules, for instance:');
  for (const line of answersOf(open)) output.line(`  ${line}`);
}

/** The first rule that keeps every value, else the first, marked. As a comment, so that the line can be pasted as it is. */
function proposedOf({ rules }: Finding): { name: string; mark: string } {
  const name = (rules.find((rule) => !losingRules.has(rule.name)) ?? rules[0])?.name ?? '';
  return { name, mark: losingRules.has(name) ? '  # (loses the value)' : '' };
}

/** Three findings of one code with the same proposed rule are answered by one star. */
function answersOf(open: readonly Finding[]): string[] {
  const answer = (what: string, one: Finding) =>
    `--rule ${quoteForShell(`${visibleText(what)}=${proposedOf(one).name}`)}${proposedOf(one).mark}`;
  const starOf = (one: Finding) => answer(`*.${one.code}`, one);
  const alike = (one: Finding) => open.filter((other) => starOf(other) === starOf(one)).length;
  return [...new Set(open.map((one) => (alike(one) > 2 ? starOf(one) : answer(one.key, one))))];
}

const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text);

export const findingsResult = (findings: readonly Finding[], rules: Record<string, string>) =>
  findings.map(({ stepId: _, ...finding }) => ({ ...finding, rule: rules[finding.key] ?? null }));
