import Database from 'better-sqlite3';
import type { SqlCheck } from '@/lib/fleet/flow-schema';
import { quoteIdent, withTarget } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { countWords } from '@/lib/shared/words';
import { readPath } from '@/lib/services/json-path';
import type { CheckKind, CheckPlace, Probe } from './check';
import { match } from './match';
import { bindSql } from './bind-sql';
import { type Names, namesIn, substitute, substituteKnown } from './substitute';

const MAX_ROWS = 1000;
/** Values come as PostgreSQL's own text; only booleans are told apart from text. */
const BOOLEAN_OID = 16;
type Row = Record<string, unknown>;

/** Reads rows from the database itself, since an answer of the service alone does not prove that anything was kept. */
export const check: CheckKind<SqlCheck> = {
  kind: 'sql',
  describe: (check, names) => ({
    on: check.on,
    effect: 'read',
    text: [check.sql, ...withLine(check, names)].join('\n'),
  }),
  async run(check, names, place) {
    const bound = bindSql(check.on, check.sql, check.params, names);
    const asked = {
      what: `${bound.text} with ${JSON.stringify(bound.values)}`,
      short: check.on === 'target' ? 'Read from the target' : 'Read from the source',
    };
    try {
      const rows =
        check.on === 'target' ? await readTargetRows(bound, place) : readSourceRows(check.name, bound, place);
      return judge(check, names, asked, rows);
    } catch (thrown) {
      place.signal.throwIfAborted();
      const got = thrown instanceof Error ? thrown.message : String(thrown);
      return {
        passed: check.must_fail,
        captured: {},
        probes: [{ ...asked, expected: check.must_fail ? 'refused' : 'rows', got, passed: check.must_fail }],
      };
    }
  },
};

type Bound = ReturnType<typeof bindSql>;

/** The values that are known when the plan is made. */
function withLine(check: SqlCheck, names: Names): string[] {
  const used = namesIn(check.sql).map((name) => `\${${name}}`);
  const values = substituteKnown([...check.params, ...used], names);
  return values.length ? [`-- with ${JSON.stringify(values)}`] : [];
}

function readTargetRows({ text, values }: Bound, place: CheckPlace): Promise<Row[]> {
  return withTarget(
    place.target.dsn,
    async (client) => {
      await client.query('begin transaction isolation level repeatable read read only');
      try {
        await client.query("select set_config('search_path', $1, true)", [
          `${quoteIdent(place.target.schema)}, public`,
        ]);
        await client.query("select set_config('statement_timeout', '15s', true)");
        const { rows, fields } = await client.query<Row>(text, values);
        const booleans = fields.filter((field) => field.dataTypeID === BOOLEAN_OID).map((field) => field.name);
        for (const row of rows) for (const name of booleans) if (row[name] !== null) row[name] = row[name] === 't';
        return rows.slice(0, MAX_ROWS);
      } finally {
        await client.query('rollback');
      }
    },
    { readOnly: true, signal: place.signal },
  );
}

function readSourceRows(name: string, { text, values }: Bound, place: CheckPlace): Row[] {
  if (!place.source)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `${name} reads the source, and the source of this profile is its live schema.`,
      advice: 'Say on: target in the flow.',
    });
  const { path, beside } = place.source();
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    for (const [part, file] of Object.entries(beside)) db.prepare(`attach ? as ${quoteIdent(part)}`).run(file);
    db.pragma('query_only = on');
    db.defaultSafeIntegers(true);
    const bound = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    return (db.prepare(text).all(...bound) as Row[]).slice(0, MAX_ROWS);
  } finally {
    db.close();
  }
}

/** "n of row 1", as a person counts. */
const cellWords = (path: string): string =>
  path.replace(/^(\d+)\.(.+)$/, (_, row, cell) => `${cell} of row ${Number(row) + 1}`);

function judge(
  check: SqlCheck,
  names: Names,
  asked: Pick<Probe, 'what' | 'short'>,
  rows: Row[],
): { passed: boolean; probes: Probe[]; captured: Names } {
  const probes: Probe[] = [];
  const got = countWords(rows.length, 'row');
  if (check.must_fail) probes.push({ ...asked, expected: 'refused', got, passed: false });
  else {
    const passed = check.expect.rows === undefined || check.expect.rows === rows.length;
    probes.push({
      ...asked,
      expected: check.expect.rows === undefined ? 'an answer' : countWords(check.expect.rows, 'row'),
      got,
      passed,
    });
  }
  for (const [path, matcher] of Object.entries(substitute(check.expect.json, names))) {
    probes.push({ what: path, short: cellWords(path), ...match(readPath(rows, path), matcher) });
  }
  const captured: Names = {};
  for (const [name, path] of Object.entries(check.capture)) {
    const value = readPath(rows, path);
    if (value === undefined)
      probes.push({ what: `capture ${name} from ${path}`, expected: 'a value', got: 'absent', passed: false });
    else captured[name] = typeof value === 'bigint' ? value.toString() : (value as Names[string]);
  }
  return { passed: probes.every((probe) => probe.passed), probes, captured };
}
