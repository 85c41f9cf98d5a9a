import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { inTransaction, parseDsn, textRows } from './connect-target';
import { claimLoad, holdEpoch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { makeLedger, withAdmin } from './make-ledger';
import { bringTablesBack, dropTables, setTablesAside, sharedSchemaOf, standingTables } from './own-tables';
import { requireToolsFor, runTool } from './pg-tools';
import { restoreRows } from './restore-rows';
import { contentProblems, readContent } from './target-content';
import { readManifest, verifyTargetSnapshot } from './target-snapshot';
import type { RestoreInput, RestoreReport, TargetManifest, TargetPlace } from './types';

/** Whether the profile's schema stands, or its tables where others use the schema too. */
const placeExists = async (client: pg.Client, place: TargetPlace): Promise<boolean> =>
  place.tables
    ? (await standingTables(client, place.schema, place.tables)).length > 0
    : schemaExists(client, place.schema);
const schemaExists = async (client: pg.Client, schema: string): Promise<boolean> =>
  (await textRows(client, 'select 1 as there from pg_namespace where nspname = $1', [schema])).length > 0;

/** Puts the profile's schema and rows back as the snapshot has them, all or nothing. Safe to repeat and to kill; neighbours are never touched.
 *  @throws CutoverError snapshot_* | tool_* | attempt_lost | target_*; the schema is then as it was before */
export async function restoreTarget(input: RestoreInput): Promise<RestoreReport> {
  const started = performance.now();
  const { manifest, digest } = await requireSound(input);
  return withAdmin(
    input.place,
    input.adminDsn,
    async (client) => {
      const [server] = await textRows<{ version: string }>(
        client,
        `select current_setting('server_version_num') as version`,
      );
      requireToolsFor(input.tools, Number(server?.version));
      await makeLedger(client);
      await claimLoad(client, {
        cutoverId: input.cutoverId,
        epoch: input.epoch,
        sourceId: input.place.sourceId,
        schema: manifest.schema,
        sourceDigest: 'restore',
      });
      const open = await beganRestore(client, input.cutoverId, digest, false);
      const known = open ?? (await beganRestore(client, input.cutoverId, digest, true));
      const loaded = known !== null && contentProblems(manifest, await readContent(client, input.place)).length === 0;
      const aside = (loaded ? known : open) ?? `cutover_aside_${randomBytes(8).toString('hex')}`;
      if (loaded) input.log?.('note', 'The schema is restored already; its rows elsewhere follow.');
      else {
        if (open === null) await putAside(client, input, manifest, digest, aside);
        await loadOrReturn(client, input, manifest, aside);
      }
      await input.failpoint?.('restore:after-load');
      const registryRows = await restoreRows(client, input, manifest, aside);
      await input.failpoint?.('restore:after-registry');
      const now = await readContent(client, input.place);
      const problems = contentProblems(manifest, now);
      return {
        outcome: loaded ? 'already_restored' : manifest.absent ? 'absent_restored' : 'restored',
        aside: (await schemaExists(client, aside)) ? aside : null,
        tables: manifest.tables.map(({ table, rows }) => ({
          table,
          rows,
          passed: now.tables.find((one) => one.table === table)?.rows === rows,
        })),
        registryRows,
        problems,
        durationMs: Math.round(performance.now() - started),
      };
    },
    { signal: input.signal },
  );
}

async function requireSound({
  dir,
  tools,
  signal,
  place,
}: RestoreInput): Promise<{ manifest: TargetManifest; digest: string }> {
  const read = await readManifest(dir);
  const proof = await verifyTargetSnapshot({ dir, tools, signal });
  if (!proof.passed)
    throw new CutoverError({
      code: 'snapshot_damaged',
      message: `The snapshot in ${dir} is damaged: ${proof.problems[0]}.`,
      advice: 'Use another snapshot; nothing was changed.',
      facts: { problems: proof.problems },
    });
  if (read.manifest.schema !== place.schema || read.manifest.sourceId !== place.sourceId)
    throw new CutoverError({
      code: 'input_invalid',
      message: `The snapshot is of ${read.manifest.sourceId} (${read.manifest.schema}), not of ${place.sourceId}.`,
      advice: 'Choose a snapshot of this profile.',
    });
  return read;
}

/** The aside of a restore of this snapshot: one that is under way, or the newest that ended. */
async function beganRestore(
  client: pg.Client,
  cutoverId: string,
  digest: string,
  done: boolean,
): Promise<string | null> {
  const [row] = await textRows<{ aside: string }>(
    client,
    `select aside from ${ledgerOf(client)}.restore where cutover_id = $1 and snapshot_digest = $2 and done = $3 order by started_at desc limit 1`,
    [cutoverId, digest, done],
  );
  return row?.aside ?? null;
}

/** The rename and its record commit together, so that a killed restore is found again under the same name. */
async function putAside(
  client: pg.Client,
  { cutoverId, epoch, failpoint, log, place }: RestoreInput,
  { schema }: TargetManifest,
  digest: string,
  aside: string,
): Promise<void> {
  await inTransaction(client, async () => {
    await holdEpoch(client, cutoverId, epoch);
    const here = await placeExists(client, place);
    const shared = sharedSchemaOf(place);
    if (here && shared) await setTablesAside(client, shared, aside);
    else if (here) await client.query(`alter schema ${quoteIdent(schema)} rename to ${quoteIdent(aside)}`);
    await client.query(
      `insert into ${ledgerOf(client)}.restore (aside, cutover_id, schema_name, snapshot_digest, had_schema) values ($1, $2, $3, $4, $5)`,
      [aside, cutoverId, schema, digest, String(here)],
    );
    if (here) log?.('info', `${shared ? 'The profile’s tables stand' : `Schema ${schema} stands`} aside as ${aside}.`);
  });
  await failpoint?.('restore:after-aside');
}

async function loadOrReturn(
  client: pg.Client,
  input: RestoreInput,
  manifest: TargetManifest,
  aside: string,
): Promise<void> {
  try {
    // A restore is one transaction: a schema under this name now was made by somebody else, and is not ours to replace.
    if (await placeExists(client, input.place))
      throw new CutoverError({
        code: 'target_not_empty',
        message: `Schema ${manifest.schema} was made anew while its snapshot was being restored.`,
        advice: `Rename it away, then retry; the schema as it was stands aside as ${aside}.`,
        facts: { schema: manifest.schema, aside },
      });
    if (manifest.dump) {
      const { database } = parseDsn(input.adminDsn ?? input.place.dsn);
      await runTool({
        dsn: input.adminDsn ?? input.place.dsn,
        program: input.tools.pgRestore,
        dir: input.dir,
        signal: input.signal,
        log: input.log,
        args: [
          '--single-transaction',
          '--exit-on-error',
          '--no-password',
          // A bare name with `=` in it would be read as connection options.
          `--dbname=dbname='${database.replace(/[\\']/g, '\\$&')}'`,
          join(input.dir, manifest.dump.file),
        ],
      });
    }
    const problems = contentProblems(manifest, await readContent(client, input.place));
    if (problems.length)
      throw new CutoverError({
        code: 'rows_differ',
        message: `The restored schema is not what the snapshot holds: ${problems[0]}.`,
        advice: 'The old schema was put back. Use another snapshot.',
        facts: { problems },
      });
  } catch (thrown) {
    const foreign = thrown instanceof CutoverError && thrown.code === 'target_not_empty';
    if (!input.signal.aborted && !foreign) await renameBack(client, input.place, aside);
    throw thrown;
  }
}

/** The schema that stood aside is the schema again; what was restored in its place goes. */
export async function renameBack(client: pg.Client, place: TargetPlace, aside: string): Promise<boolean> {
  return inTransaction(client, async () => {
    const [row] = await textRows<{ had: string }>(
      client,
      `delete from ${ledgerOf(client)}.restore where aside = $1 returning had_schema as had`,
      [aside],
    );
    const there = await schemaExists(client, aside);
    if (!row || (row.had === 't' && !there)) return false;
    const { schema } = place;
    const shared = sharedSchemaOf(place);
    if (shared) {
      if (there) await bringTablesBack(client, shared, aside);
      else await dropTables(client, shared);
      return true;
    }
    await client.query(`drop schema if exists ${quoteIdent(schema)} cascade`);
    if (there) await client.query(`alter schema ${quoteIdent(aside)} rename to ${quoteIdent(schema)}`);
    return true;
  });
}

/** Takes a restore back while its aside is there: the schema that stood aside returns. Registry rows are the business of the snapshot taken before. */
export async function undoRestore(input: RestoreInput): Promise<{ outcome: 'renamed_back' | 'nothing_to_undo' }> {
  const { manifest, digest } = await readManifest(input.dir);
  return withAdmin(
    input.place,
    input.adminDsn,
    async (client) => {
      await makeLedger(client);
      await claimLoad(client, {
        cutoverId: input.cutoverId,
        epoch: input.epoch,
        sourceId: input.place.sourceId,
        schema: manifest.schema,
        sourceDigest: 'restore',
      });
      const aside =
        (await beganRestore(client, input.cutoverId, digest, false)) ??
        (await beganRestore(client, input.cutoverId, digest, true));
      if (!aside) return { outcome: 'nothing_to_undo' };
      return { outcome: (await renameBack(client, input.place, aside)) ? 'renamed_back' : 'nothing_to_undo' };
    },
    { signal: input.signal },
  );
}
