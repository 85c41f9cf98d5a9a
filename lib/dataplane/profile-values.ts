import type { RowReader } from '@/lib/sources/sqlite-rows';
import { withSqliteAsync, type SqliteFile } from '@/lib/sources/sqlite-file';
import { quoteIdent } from '@/lib/sources/quote';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import { declaredTypeFindings, textAmongBytes } from './declared-types';
import { rowEncoder } from './encode-row';
import { type CellMisfit, EncodedReader } from './encoded-reader';
import type { RuleName } from './finding-types';
import { headroomFindings } from './headroom';
import { duplicateFindings, orphanFindings } from './key-findings';
import { mayAlter, targetTableOf, whyNone } from './may-alter';
import { storageCodes } from './misfit-messages';
import { MisfitNotes } from './misfit-notes';
import { noticesOf } from './notices';
import { RowBuffer } from './row-buffer';
import { ruleEffects } from './rules';
import { keyText } from './sample-text';
import { sizeFindings } from './size-findings';
import { breathe, type MappedTable, mappedReader, mappedTables } from './source-readers';
import { tryRules } from './try-rules';
import type {
  ChosenRules,
  ColumnMapping,
  Finding,
  ReportProgress,
  SqliteLocation,
  TableMapping,
  TablePlan,
  TargetSchema,
} from './types';

export { keyText, sampleText } from './sample-text';

export type ProfileInput = {
  source: SqliteLocation;
  plan: TablePlan;
  target: TargetSchema;
  /** Chosen rules that the target already carries out: numbers in a column that became text are no finding any more. */
  rules?: ChosenRules;
  /** Rules chosen so far, carried out or not: a reference that becomes text is followed as text. */
  chosen?: ChosenRules;
  signal: AbortSignal;
  progress?: ReportProgress;
};

/** Tries every value with the very encoder that will copy it, and every key against the target's; counts are exact. */
export const profileValues = (input: ProfileInput): Promise<Finding[]> =>
  withSqliteAsync(input.source, (file) => profileOpenFile(file, input));

/** The same inside a read transaction that is already open. `keysOnly`: the values are left to the encoder's own refusal. */
export async function profileOpenFile(
  file: SqliteFile,
  {
    plan,
    target,
    rules = [],
    chosen = rules,
    signal,
    progress,
    keysOnly,
  }: Omit<ProfileInput, 'source'> & { keysOnly?: boolean },
): Promise<Finding[]> {
  const plain = plan.tables.map((mapping) => unaltered(mapping, target));
  const readers = mappedTables(file, plain).map((mapped) => ({ ...mapped, reader: mappedReader(file, mapped) }));
  const total = keysOnly ? 0 : readers.reduce((sum, { reader }) => sum + Number(reader.count()), 0);
  const findings: Finding[] = [];
  let done = 0;
  for (const { mapping, table, reader } of readers) {
    if (keysOnly) {
      findings.push(
        ...duplicateFindings(file, mapping, table, target, chosen),
        ...orphanFindings(file, { mapping, table }, plan, target, chosen),
        ...headroomFindings(file, mapping),
      );
      continue;
    }
    const goal = targetTableOf(mapping, target);
    const tooLarge = sizeFindings(file, { mapping, table }, goal, target);
    findings.push(...tooLarge);
    // A row of a gigabyte cannot even be read; its own finding stands in the way of the import.
    if (tooLarge.some(({ code }) => code === 'row_too_large')) continue;
    const notes = new MisfitNotes(file, { mapping, table });
    const carried = carriedOut(mapping, rules);
    const onMisfit: CellMisfit = (...misfit) => notes.add(...misfit);
    const notices = noticesOf(mapping);
    const onRows = async (rows: number) => {
      done += rows;
      progress?.({ unit: 'rows', done, total });
      await breathe();
      signal.throwIfAborted();
    };
    if (notices.length) await tryEachRow({ mapping, table, reader }, carried, notices, onMisfit, onRows);
    else await tryByPages(new EncodedReader(file, { mapping, table }, carried, onMisfit), onRows);
    const misfits = notes.findings();
    if (misfits.length) await offerRules(file, { mapping, table }, misfits, target, carried, signal);
    findings.push(
      ...misfits,
      ...notices.flatMap(({ found }) => found() ?? []),
      ...declaredTypeFindings(file, { mapping, table }, target),
      ...textAmongBytes(file, { mapping, table }, target, rules),
      ...duplicateFindings(file, mapping, table, target, chosen),
      ...orphanFindings(file, { mapping, table }, plan, target, chosen),
      ...headroomFindings(file, mapping),
    );
  }
  return findings;
}

type OnRows = (rows: number) => Promise<void>;

/** Encodes every row; through the accelerator, which leaves each unusual one to the encoder that can say why. */
async function tryByPages(reader: EncodedReader, onRows: OnRows): Promise<void> {
  for (let page = reader.read(null); page; page = reader.read(page.lastKey)) await onRows(page.rows);
}

/** The same row by row, where what fits may still have to be told. */
async function tryEachRow(
  { mapping, table, reader }: MappedTable & { reader: RowReader },
  carried: ChosenRules,
  notices: ReturnType<typeof noticesOf>,
  onMisfit: CellMisfit,
  onRows: OnRows,
): Promise<void> {
  const encode = rowEncoder(mapping, carried);
  const out = new RowBuffer();
  for (let page = reader.read(null); page; page = reader.read(page.lastKey)) {
    for (const row of page.rows) {
      out.clear();
      encode(row, out, (...misfit) => onMisfit(row, ...misfit));
      for (const notice of notices) notice.see(row, () => keyText(mapping, table, row));
    }
    await onRows(page.rows.length);
  }
}

/** Without the chosen rules: a finding stays seen, with its count, when it has been answered. */
function unaltered(mapping: TableMapping, target: TargetSchema): TableMapping {
  const goal = targetTableOf(mapping, target);
  // What the target computes must fit there too: a rule may make it a plain column.
  const columns = [...mapping.columns, ...(mapping.computed ?? [])].map((column) => {
    const type = goal?.columns.find(({ name }) => name === column.target) ?? column.type;
    return { ...column, type, notNull: type.notNull };
  });
  return { ...mapping, columns, computed: [], keep: [] };
}

/** Of the chosen rules those that gave a column the type which it has now. */
const carriedOut = (mapping: TableMapping, rules: ChosenRules): ChosenRules => {
  const made = (rule: string) => (rule.startsWith('widen-to-text') ? 'text' : rule === 'as-boolean' ? 'bool' : null);
  return rules.filter(({ key, rule }) =>
    mapping.columns.some(
      ({ source, type }) => type.type === made(rule) && key.startsWith(`${mapping.source}.${source}.`),
    ),
  );
};

/** Puts the rules that help on each finding, and beside a wrong storage class what the whole column holds. */
async function offerRules(
  file: SqliteFile,
  { mapping, table }: MappedTable,
  findings: readonly Finding[],
  target: TargetSchema,
  carried: ChosenRules,
  signal: AbortSignal,
): Promise<void> {
  const allowed = (column: ColumnMapping, rule: RuleName) => mayAlter(mapping, column, rule, target);
  const rules = await tryRules(mappedReader(file, { mapping, table }), mapping, findings, { carried, allowed }, signal);
  for (const one of findings) {
    one.rules = (rules.get(one) ?? []).map((name) => ({ name, effect: ruleEffects[name] }));
    if (storageCodes.has(one.code)) one.message += ` ${classesOf(file, mapping, one.column as string)}`;
    if (!one.rules.length) one.message += whyNone(mapping, one.column, target);
  }
}

/** "The column holds 3 text, 2 integer, 1 null." */
function classesOf({ db }: SqliteFile, mapping: TableMapping, column: string): string {
  const rows = db
    .prepare(
      `select typeof(${quoteIdent(column)}), count(*) from ${quoteIdent(mapping.source)}${rowsWhere(mapping.scope, [])} group by 1 order by 2 desc, 1`,
    )
    .raw()
    .all(...(mapping.scope ? [mapping.scope.value] : [])) as [string, bigint][];
  return `The column holds ${rows.map(([name, count]) => `${count} ${name}`).join(', ')}.`;
}
