import type pg from 'pg';
import {
  type Finding,
  planTables,
  proveValues,
  readSource,
  readTarget,
  type SqliteLocation,
  typeFindings,
  withTarget,
} from '@/lib/dataplane';
import type { FindingShown } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import { visibleText } from '@/lib/shared/visible-text';
import { countWords } from '@/lib/shared/words';
import type { StepContext } from '@/lib/steps/step';
import { contractOf, readContractTarget } from './contract';
import { expectedTarget } from './designed';
import { dsnOf, placeOf, scopeOf } from './places';
import { rulesForService, withoutLeavingOut } from './rules-for-service';

type Asked = {
  /** What is read: the live file, or the rows of an export. */
  location: SqliteLocation;
  contract?: string | undefined;
  /** refuse: a table or column without a target cannot be left out by a rule. */
  without: 'ask' | 'refuse';
  /** Tables whose findings are told here; another step tells of the others. */
  only?: (table: string) => boolean;
};

/** Findings of structure and values, saved for a person to decide on. An open blocking one is a failed claim. */
export async function valuesProof(ctx: StepContext, { location, contract, without, only = () => true }: Asked) {
  const findings = await withTarget(
    dsnOf(ctx),
    async (client) => {
      // Findings are told as they are without rules, so that choosing one does not make its finding disappear.
      const { target, place, findings: ofDesign } = await expectedTarget(ctx, client, [], contract, location);
      const plan = planTables(readSource(location, scopeOf(ctx)), target, scopeOf(ctx), place, []);
      const values = await proveValues(client, {
        source: location,
        plan,
        target,
        chosen: ctx.rules(),
        signal: ctx.signal,
        progress: ctx.progress,
      });
      const ofTypes = await typesFound(ctx, client, contract);
      const all = firstOfEach([...ofDesign, ...ofTypes, ...plan.findings, ...values]);
      return withoutLeavingOut(target.designed ? all : rulesForService(all), without).filter(({ table }) =>
        only(table),
      );
    },
    { signal: ctx.signal },
  );
  await ctx.saveFindings(findings);
  const open = findings.filter((finding) => finding.blocking && ctx.rule(finding.key) === null);
  ctx.setFact('findings', findings.map((finding) => finding.key).sort());
  return {
    holds: open.length === 0,
    summary:
      findings.length === 0
        ? 'every value fits as it is'
        : open.length
          ? `${openWords(open)} (finding_open): ${firstOf(open)}`
          : `${findings.length} findings, every blocking one has its rule`,
    findings: findings.map((finding) => shown(ctx, finding)),
  };
}

/** Those without a rule cannot be decided here, and are counted apart, as the page does. */
function openWords(open: readonly Finding[]): string {
  const [ask, mend] = [open.filter(({ rules }) => rules.length), open.filter(({ rules }) => !rules.length)];
  const asking = ask.length
    ? [`${countWords(ask.length, 'finding')} ${ask.length === 1 ? 'waits' : 'wait'} for a rule`]
    : [];
  const mending = mend.length ? [`${countWords(mend.length, 'finding')} must be mended in the source`] : [];
  return [...asking, ...mending].join(', ');
}

const mostNamed = 5;
/** Names the first few: each finding is shown with its count and rules anyway. */
const firstOf = (open: readonly Finding[]): string =>
  [
    ...open.slice(0, mostNamed).map(({ key, count }) => `${visibleText(key)} (${formatCount(count)})`),
    ...(open.length > mostNamed ? [`and ${formatCount(open.length - mostNamed)} more`] : []),
  ].join(', ');

/** Columns of a schema that is there already, against the contract. */
async function typesFound(ctx: StepContext, client: pg.Client, named?: string): Promise<Finding[]> {
  const contract = contractOf(ctx, named);
  if (!contract) return [];
  const there = await readTarget(client, placeOf(ctx));
  return there.exists ? typeFindings(await readContractTarget(client, placeOf(ctx), contract), there) : [];
}

/** What the design says of an object goes before what the plan says of it. */
const firstOfEach = (findings: readonly Finding[]): Finding[] =>
  [...new Map([...findings].reverse().map((one) => [one.key, one])).values()].reverse();

const shown = (ctx: StepContext, finding: Finding): FindingShown => ({
  key: finding.key,
  code: finding.code,
  table: finding.table,
  column: finding.column,
  count: finding.count.toString(),
  message: finding.message,
  sample: finding.sample,
  rules: finding.rules,
  rule: ctx.rule(finding.key),
  blocking: finding.blocking,
});
