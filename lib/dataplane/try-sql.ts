import type pg from 'pg';
import { quoteIdent } from '@/lib/sources/quote';
import { inTransaction, runTogether } from './connect-target';
import { readDesign } from './design-store';
import { designDdl, trialSchema } from './design-trial';
import { lineOfError, splitSql } from './split-sql';
import type { Design } from './target-ddl/design-types';
import type { TargetPlace } from './types';

/** What a trial met: nothing, or the first statement that failed. `decisive`: it fails on every content of the tables. */
export type SqlTrial = { statements: number; problem: { line: number; message: string; decisive: boolean } | null };

/** Classes of SQLSTATE that say of a statement that it cannot run at all: syntax and names, rights, not supported, not in a transaction,
 *  no such schema. Others may come of tables that are still empty. */
const decisiveClasses = ['42', '0A', '25', '2B', '3F'];

/** Runs a person's SQL on the empty tables of a design, keys and all, and rolls everything back. */
export async function trySql(client: pg.Client, place: TargetPlace, design: Design, sql: string): Promise<SqlTrial> {
  const rolledBack = new Error('rolled back on purpose');
  const statements = splitSql(sql);
  const schema = await trialSchema(client, place);
  // SQL may name the schema: one that this design's move has made gives way inside the transaction, any other is not touched.
  const own = schema !== place.schema && (await readDesign(client, place)) !== null;
  const ddl = own
    ? [
        `alter schema ${quoteIdent(place.schema)} rename to ${quoteIdent(schema)}`,
        ...designDdl(design, place.schema, place.schema),
      ]
    : designDdl(design, place.schema, schema);
  let problem: SqlTrial['problem'] = null;
  await inTransaction(client, async () => {
    await client.query(`set local search_path = ${quoteIdent(own ? place.schema : schema)}, public`);
    await runTogether(client, ddl);
    for (const [i, statement] of statements.entries()) {
      try {
        await client.query(statement);
      } catch (thrown) {
        const { code = '', message } = thrown as Error & { code?: string };
        // A broken connection has no SQLSTATE, and is no word about the SQL.
        if (code.length !== 5) throw thrown;
        problem = { line: lineOfError(sql, i, thrown), message, decisive: decisiveClasses.includes(code.slice(0, 2)) };
        break;
      }
    }
    throw rolledBack;
  }).catch((thrown) => {
    if (thrown !== rolledBack) throw thrown;
  });
  return { statements: statements.length, problem };
}
