import Database from 'better-sqlite3';
import type { SqlCheck } from '@/lib/fleet/flow-schema';
import { quoteIdent, withTarget } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { readPath } from '@/lib/services/json-path';
import type { CheckKind, CheckPlace, Probe } from './check';
import { match } from './match';
import { type Names, substitute, substituteKnown } from './substitute';

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
    text: `${check.sql}${check.params.length ? `\n-- with ${JSON.stringify(substituteKnown(check.params, names))}` : ''}`,
  }),
  async run(check, names, place) {
    const params = substitute(check.params, names);
    const what = `${check.sql} with ${JSON.stringify(params)}`;
    try {
      const rows =
        check.on === 'target' ? await readTargetRows(check, params, place) : readSourceRows(check, params, place);
      return judge(check, names, what, rows);
    } catch (thrown) {
      place.signal.throwIfAborted();
      const got = thrown instanceof Error ? thrown.message : String(thrown);
      return {
        passed: check.must_fail,
        captured: {},
        probes: [{ what, expected: check.must_fail ? 'refused' : 'rows', got, passed: check.must_fail }],
      };
    }
  },
};

function readTargetRows(check: SqlCheck, params: unknown[], place: CheckPlace): Promise<Row[]> {
  return withTarget(
    place.target.dsn,
    async (client) => {
      await client.query('begin transaction isolation level repeatable read read only');
      try {
        await client.query("select set_config('search_path', $1, true)", [
          `${quoteIdent(place.target.schema)}, public`,
        ]);
        await client.query("select set_config('statement_timeout', '15s', true)");
        const { rows, fields } = await client.query<Row>(check.sql, params);
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

function readSourceRows(check: SqlCheck, params: unknown[], place: CheckPlace): Row[] {
  if (!place.source)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `${check.name} reads the source, and the source of this profile is its live schema.`,
      advice: 'Say on: target in the flow.',
    });
  const db = new Database(place.source.path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    db.pragma('query_only = on');
    db.defaultSafeIntegers(true);
    const bound = params.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    return (db.prepare(check.sql).all(...bound) as Row[]).slice(0, MAX_ROWS);
  } finally {
    db.close();
  }
}

function judge(
  check: SqlCheck,
  names: Names,
  what: string,
  rows: Row[],
): { passed: boolean; probes: Probe[]; captured: Names } {
  const probes: Probe[] = [];
  if (check.must_fail) probes.push({ what, expected: 'refused', got: `${rows.length} rows`, passed: false });
  else {
    const passed = check.expect.rows === undefined || check.expect.rows === rows.length;
    probes.push({
      what,
      expected: check.expect.rows === undefined ? 'an answer' : `${check.expect.rows} rows`,
      got: `${rows.length} rows`,
      passed,
    });
  }
  for (const [path, matcher] of Object.entries(substitute(check.expect.json, names))) {
    probes.push({ what: path, ...match(readPath(rows, path), matcher) });
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
