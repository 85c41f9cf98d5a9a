import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  checkImport,
  createDesigned,
  designSource,
  diffRows,
  importRows,
  openFindings,
  planTables,
  proveValues,
  readSource,
  readTargetOfDesign,
  ruleFindings,
  sourceScope,
  targetPlace,
  withTarget,
  type ChosenRules,
  type Finding,
} from '@/lib/dataplane';
import { ledgerNameOf } from '@/lib/dataplane/ledger-schema';
import { tempDir, testDatabase } from './databases';

const signal = new AbortController().signal;

/** For tests: a SQLite file of one's own making, on its way through design, findings, import and row diff. */
export async function movedFile(name: string, make: string | ((db: Database.Database) => void)) {
  const dir = tempDir(name);
  const path = join(dir, 'app.db');
  const write = (change: typeof make) => {
    const db = new Database(path);
    try {
      // Many applications never turn it on; the files they leave show it.
      db.pragma('foreign_keys = OFF');
      if (typeof change === 'string') db.exec(change);
      else change(db);
    } finally {
      db.close();
    }
  };
  write(make);
  const database = await testDatabase(name);
  const source = { path, allowedRoots: [dir] };
  const scope = sourceScope('me', {});
  const place = targetPlace(database.dsn, 'me', { schema: 'app' });
  const common = { source, scope, place, signal, cutoverId: 'cutover', sourceDigest: 'snapshot' };
  return {
    database,
    place,
    /** The schema of the loading role's ledger. */
    ledger: ledgerNameOf(database.name),
    write,
    path,
    dir,
    design: (rules: ChosenRules = []) => designSource(source, scope, place, rules),
    query: (text: string) =>
      withTarget(database.dsn, async (client) => (await client.query(text)).rows as Record<string, string | null>[]),
    /** What a person is told before anything is made; the blocking ones with no rule chosen. */
    async findings(rules: ChosenRules = []): Promise<{ all: Finding[]; open: Finding[] }> {
      const { plain, findings } = designSource(source, scope, place, rules);
      return withTarget(database.dsn, async (client) => {
        const target = { ...(await readTargetOfDesign(client, place, plain)), designed: true };
        const named = { ...place, renames: plain.renames };
        const plan = planTables(readSource(source, scope), target, scope, named, []);
        const values = await proveValues(client, { source, plan, target, chosen: rules, signal });
        const known = [...new Map([...values, ...plan.findings, ...findings].map((one) => [one.key, one])).values()];
        const all = [
          ...known,
          ...(await ruleFindings(client, { source, scope, place, rules, known, plain: target, signal })),
        ];
        return { all, open: openFindings(all, rules) };
      });
    },
    create: (rules: ChosenRules = []) =>
      withTarget(database.dsn, (client) => createDesigned(client, place, designSource(source, scope, place, rules))),
    load: (rules: ChosenRules = [], more: Partial<Parameters<typeof importRows>[0]> = {}) =>
      importRows({ ...common, rules, epoch: 1, ...more }),
    check: (rules: ChosenRules = []) => checkImport({ ...common, rules }),
    diff: (rules: ChosenRules = []) => diffRows({ source, scope, place, rules, signal, holdsAt: 'test' }),
  };
}

/** The whole way. Returns row counts; what is open, unlike or not as designed is in it too, and empty when all is well. */
export async function moveWhole(file: Awaited<ReturnType<typeof movedFile>>, rules: ChosenRules = []) {
  const { open } = await file.findings(rules);
  if (open.length) return { open: open.map(({ key }) => key) };
  await file.create(rules);
  const { rows } = await file.load(rules);
  const check = await file.check(rules);
  const { differing, missing, extra, equal, catalog } = await file.diff(rules);
  return {
    open: [],
    rows,
    equal,
    unlike: [differing, missing, extra],
    differences: check.catalog?.differences.concat(catalog?.differences ?? []),
    passed: check.passed,
  };
}
