import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import type { AskedSource } from '@/lib/checks/check';
import { openFootprint, type Footprint, type Kept } from '@/lib/checks/footprint';
import { type FlowResult, runFlow } from '@/lib/checks/run-flow';
import type { Names } from '@/lib/checks/substitute';
import { quoteIdent, withTarget } from '@/lib/dataplane';
import type { Flow } from '@/lib/fleet/flow-schema';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { sourceFiles } from '@/lib/fleet/source-files';
import type { CheckpointResult } from '@/lib/shared/evidence';
import type { Json } from '@/lib/shared/json';
import { countWords } from '@/lib/shared/words';
import type { NewFinding, StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { fixedNames, flowOf, markOf, neighbourNames, rowNames } from './flow-names';
import { attemptNames } from './flow-values';
import { dsnOf, filesOf, liveSource, placeOf, secretOf } from './places';
import type { ScratchTarget } from './scratch-target';

/** What a flow brought, kept with the attempt that ran it. */
export type FlowRecord = { attemptId: string; at: string; results: FlowResult[]; openFiles: string[] | null };

export const footprintOf = (ctx: StepContext): Footprint =>
  openFootprint(
    placeOf(ctx),
    {
      get: () => ctx.state.get<Kept[]>('footprint'),
      // `after` is undefined until the row was written; JSON leaves it out, and it comes back undefined.
      set: (rows) => ctx.state.set('footprint', JSON.parse(JSON.stringify(rows)) as Json),
    },
    ctx.signal,
  );

const noFootprint: Pick<Footprint, 'keep' | 'written' | 'made' | 'restore' | 'forget'> = {
  keep: async () => {},
  written: async () => {},
  made: async () => {},
  forget: async () => {},
  restore: async () => [],
};

/** SQLite attaches so many files to one connection beside its own. */
const mostBeside = 10;

/** Files are asked as they stand, without a copy; a store of JSON files is staged anew whenever one of them has changed. */
function sourceNow(ctx: StepContext): AskedSource {
  const [first, ...others] = Object.entries(filesOf(ctx)?.files ?? {});
  if (!first || others.length > mostBeside) return { path: liveSource(ctx).path, beside: {} };
  return { path: first[1], beside: Object.fromEntries(others) };
}

/** Runs a flow against one instance. Rows left by an attempt that was killed are put back first. */
export async function runFlowOn(
  ctx: StepContext,
  input: {
    flow: string | Flow;
    /** On top of those that every flow knows. */
    names?: Names;
    service: ServiceEntry;
    url: string;
    headers: Record<string, string>;
    rows: 'loaded' | 'live';
    writesTarget: boolean;
    /** Stands in for the source; what is written there goes with it. */
    copy?: string;
    /** Stands in for the target; what is written there goes with it. */
    scratch?: Pick<ScratchTarget, 'place' | 'secret'>;
  },
): Promise<FlowResult[]> {
  const flow = typeof input.flow === 'string' ? flowOf(ctx, input.flow) : input.flow;
  const { copy } = input;
  const footprint = input.scratch || copy ? noFootprint : footprintOf(ctx);
  if (input.writesTarget) {
    for (const row of await footprint.restore())
      ctx.log('note', `left by an earlier attempt: ${row.table} ${row.key}: ${row.outcome}`);
    await footprint.forget();
  }
  return runFlow({
    flow,
    names: {
      ...fixedNames(ctx),
      ...rowNames(ctx, flow, input.rows),
      ...attemptNames(ctx, flow, input.rows, input.names),
      ...input.names,
    },
    neighbours: neighbourNames(ctx),
    footprint,
    place: {
      service: input.service,
      url: input.url,
      headers: input.headers,
      target: input.scratch?.place ?? placeOf(ctx),
      source:
        ctx.profile.source.kind === 'target-schema' ? null : () => (copy ? { path: copy, beside: {} } : sourceNow(ctx)),
      secret: input.scratch?.secret ?? secretOf(ctx),
      signal: ctx.signal,
      log: (level, text) => ctx.log(level, text),
    },
    progress: ctx.progress,
  });
}

export const flowCheckpoints = (results: FlowResult[]): CheckpointResult[] =>
  results.map((result) => ({
    key: result.key,
    claim: result.claim,
    verdict: result.verdict,
    evidence: { summary: result.summary, probes: result.probes },
  }));

/** Findings of a flow, told and not waiting for a rule: what holds instead of a claim is known of such services. */
export async function saveFlowFindings(ctx: StepContext, flow: string, results: FlowResult[]): Promise<void> {
  if (!flowOf(ctx, flow).checks.some(({ or_finding: other }) => other)) return;
  await ctx.saveFindings(
    results.flatMap(({ key, finding, summary }): NewFinding[] =>
      finding === undefined
        ? []
        : [
            {
              key: `${ctx.step.id}.${key}.service_differs`,
              code: 'service_differs',
              table: ctx.step.id,
              column: null,
              count: 1n,
              message: finding,
              sample: [{ key: flow, value: summary.slice(0, 200) }],
              rules: [],
              blocking: false,
            },
          ],
    ),
  );
}

/** Reads the written rows again: each is as before, or (through the live service) somebody else's and without our mark. */
export async function footprintCheckpoint(ctx: StepContext, live: boolean): Promise<CheckpointResult[]> {
  const rows = await footprintOf(ctx).compare();
  if (!rows.length) return [];
  const mark = markOf(ctx);
  const gone = rows.map((row) => row.equal || (live && !(row.nowText ?? '').includes(mark)));
  const others = rows.filter((row, index) => !row.equal && gone[index]).length;
  return [
    checkpoint('footprint', 'Nothing of what the checks wrote is left', gone.every(Boolean), {
      summary: `${countWords(rows.length, 'row')} written, ${rows.filter((row) => row.equal).length} as before${others ? `, ${others} written by somebody else since` : ''}`,
      table: {
        columns: ['Table', 'Key', 'Before', 'Now'],
        rows: rows.map((row) => [row.table, row.key, row.before, row.now]),
      },
    }),
  ];
}

/** The mark of what we wrote is in no other profile: neither in its schema nor in the SQLite files. */
export async function neighboursCheckpoint(ctx: StepContext): Promise<CheckpointResult> {
  const mark = markOf(ctx);
  const tables = [
    ...new Set(
      (ctx.runbook.flows[String(ctx.step.params.flow)]?.checks ?? []).flatMap((check) =>
        check.kind === 'http' ? check.writes.map((row) => row.table) : [],
      ),
    ),
  ];
  const others = ctx.system.profiles.filter((profile) => profile.source_id !== ctx.profile.source_id);
  const rows: string[][] = [];
  await withTarget(
    dsnOf(ctx),
    async (client) => {
      for (const other of others.filter(
        (profile) =>
          profile.target.dsn_env === ctx.profile.target.dsn_env && profile.target.schema !== ctx.profile.target.schema,
      )) {
        for (const table of tables) {
          const name = `${quoteIdent(other.target.schema)}.${quoteIdent(table)}`;
          const known = await client.query<{ there: string }>('select to_regclass($1) is not null as there', [name]);
          if (known.rows[0]?.there !== 't') continue;
          const found = await client.query<{ n: string }>(
            `select count(*)::text as n from ${name} t where t::text like '%' || $1 || '%'`,
            [mark],
          );
          rows.push([other.source_id, `${other.target.schema}.${table}`, found.rows[0]?.n ?? '?']);
        }
      }
    },
    { readOnly: true, signal: ctx.signal },
  );
  for (const { source_id: id, source } of others) {
    if (source.kind !== 'sqlite-file' && source.kind !== 'sqlite-files') continue;
    for (const file of sourceFiles(source))
      for (const table of tables) rows.push([id, `${file}: ${table}`, countMarked(file, table, mark)]);
  }
  return checkpoint(
    'neighbours',
    'Nothing of what the checks wrote is in a neighbour',
    rows.every((row) => row[2] === '0'),
    {
      summary: rows.length
        ? `${others.length} other profiles, ${rows.length} tables searched for the mark`
        : 'no other profile has such tables',
      table: { columns: ['Profile', 'Table', 'Rows with our mark'], numeric: [2], rows },
    },
  );
}

function countMarked(file: string, table: string, mark: string): string {
  if (!existsSync(file)) return '0';
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
  try {
    const columns = db.prepare('select name from pragma_table_info(?)').pluck().all(table) as string[];
    if (!columns.length) return '0';
    const where = columns.map((name) => `instr(cast(${quoteIdent(name)} as text), ?) > 0`).join(' or ');
    return String(
      db
        .prepare(`select count(*) from ${quoteIdent(table)} where ${where}`)
        .pluck()
        .get(...columns.map(() => mark)),
    );
  } finally {
    db.close();
  }
}
