import type pg from 'pg';
import {
  type Finding,
  planTables,
  proveValues,
  readableStaged,
  readSource,
  readTarget,
  ruleFindings,
  type SqliteLocation,
  type TargetSchema,
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
import { dsnOf, jsonStoreOf, placeOf, scopeOf } from './places';
import { rulesForService, withoutLeavingOut } from './rules-for-service';

type Asked = {
  /** What is read: the live file, or the rows of an export. */
  location: SqliteLocation;
  contract?: string | undefined;
  /** refuse: a table or column without a target cannot be left out by a rule. */
  without: 'ask' | 'refuse';
  /** Tables whose findings are told here; another step tells of the others. */
  only?: (table: string) => boolean;
  /** Tables of which only a part could be read: what seems to lead nowhere may lead to the rest of them. */
  partial?: ReadonlyMap<string, string>;
};

/** Findings of structure and values, saved for a person to decide on. An open blocking one is a failed claim. */
export async function valuesProof(
  ctx: StepContext,
  { location, contract, without, only = () => true, partial = new Map() }: Asked,
) {
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
      const known = firstOfEach([...ofDesign, ...ofTypes, ...plan.findings, ...values]);
      const raised = target.designed
        ? await ruleFindings(client, {
            source: location,
            scope: scopeOf(ctx),
            place: placeOf(ctx),
            rules: ctx.rules(),
            known,
            plain: target,
            signal: ctx.signal,
          })
        : [];
      const all = [...known, ...raised].filter((one) => !mayBeInTheRest(one, target, partial));
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

/** The same of a store of which some files break off, so that a person decides once on all that is known. Never green:
 *  what could not be read was not looked at. */
export async function readableProof(ctx: StepContext, asked: Omit<Asked, 'location' | 'partial'>) {
  const store = jsonStoreOf(ctx);
  if (!store) return { holds: null, summary: 'no store of files' };
  const { location, broken } = readableStaged(store, ctx.workDir);
  const { holds, summary, findings } = await valuesProof(ctx, { ...asked, location, partial: broken });
  const tables = [...broken.keys()].join(', ');
  return {
    holds: holds ? null : false,
    summary: `${summary}. Of ${tables} only what stands before the break was looked at; rows that refer to them are looked at once the files are whole`,
    findings,
  };
}

/** What the part that could not be read may hold: a column that no record so far has, a row that others refer to. */
function mayBeInTheRest(found: Finding, { tables }: TargetSchema, partial: ReadonlyMap<string, string>): boolean {
  if (found.code === 'target_column_without_source') return partial.has(found.table);
  if (found.code !== 'orphan_rows') return false;
  const keys = tables.filter(({ name }) => name === found.table).flatMap(({ foreignKeys }) => foreignKeys);
  const key = keys.find(({ name }) => name === found.column);
  return key !== undefined && partial.has(key.table);
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
