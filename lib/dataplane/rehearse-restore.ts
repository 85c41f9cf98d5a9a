import { statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { dsnPlace, inTransaction, textRows, withTarget } from './connect-target';
import { claimLoad } from './ledger';
import { ledgerOf } from './ledger-schema';
import { makeLedger } from './make-ledger';
import { restoreTarget } from './restore-target';
import { contentProblems, readContent } from './target-content';
import { readManifest, snapshotTarget } from './target-snapshot';
import type { TargetPlace, TargetSnapshotInput } from './types';

/** Name → statement that answers one value, read with the rehearsal schema as search path. */
export type Counts = Record<string, string>;
export type RehearsalInput = TargetSnapshotInput & {
  /** Make and fill the schema; the first of them creates it. */
  statements: readonly string[];
  counts: Counts;
  epoch: number;
};
export type Rehearsal = {
  seeded: Record<string, string>;
  backupFile: string;
  backupBytes: string;
  digest: string;
  durationMs: number;
};

const loadOf = (schema: string): string => `rehearsal:${schema}`;

/** Takes a schema name for rehearsals: one that no rehearsal has made is never touched. @throws CutoverError target_not_empty | attempt_lost */
export async function claimRehearsal(place: TargetPlace, epoch: number, signal?: AbortSignal): Promise<void> {
  await withTarget(
    place.dsn,
    async (client) => {
      await makeLedger(client);
      const [known] = await textRows(client, `select 1 as known from ${ledgerOf(client)}.load where cutover_id = $1`, [
        loadOf(place.schema),
      ]);
      if (!known && (await hasSchema(client, place.schema)))
        throw new CutoverError({
          code: 'target_not_empty',
          message: `Schema ${place.schema} exists in ${dsnPlace(place.dsn)}, and no rehearsal has made it; it is not dropped.`,
          advice: 'Choose another schema_suffix in the runbook, or remove that schema by hand.',
        });
      await claimLoad(client, {
        cutoverId: loadOf(place.schema),
        epoch,
        sourceId: place.sourceId,
        schema: place.schema,
        sourceDigest: 'rehearsal',
      });
    },
    { signal },
  );
}

/**
 * Seeds the claimed schema, dumps it, drops it, and restores it by the code that restores a live schema. Nothing of an
 * earlier rehearsal is left in it. @throws CutoverError rows_differ when the restored rows are not those of the dump
 */
export async function rehearseRestore(input: RehearsalInput): Promise<Rehearsal> {
  const started = performance.now();
  const { place, signal, log } = input;
  const own = <T>(work: (client: pg.Client) => Promise<T>) => withTarget(place.dsn, work, { signal });
  await own((client) =>
    inTransaction(client, async () => {
      await client.query(`drop schema if exists ${quoteIdent(place.schema)} cascade`);
      for (const statement of input.statements) await client.query(statement);
    }),
  );
  const seeded = await countIn(place, input.counts, signal);
  log?.('info', `Schema ${place.schema} is seeded: ${words(seeded)}`);
  const { dir, digest, manifest } = await snapshotTarget(input);
  const backupFile = join(dir, manifest.dump?.file ?? '');
  const backupBytes = String(statSync(backupFile).size);
  log?.('info', `Dumped to ${backupFile}, ${backupBytes} bytes`);
  await input.failpoint?.('rehearsal:after-dump');
  await own((client) => client.query(`drop schema ${quoteIdent(place.schema)} cascade`));
  if (await own((client) => hasSchema(client, place.schema))) throw new TypeError(`${place.schema} was not dropped`);
  log?.('info', `Schema ${place.schema} is dropped`);
  await input.failpoint?.('rehearsal:after-drop');
  const { durationMs } = await restoreTarget({ ...input, cutoverId: loadOf(place.schema) });
  log?.('info', `Restored in ${durationMs} ms`);
  return { seeded, backupFile, backupBytes, digest, durationMs: Math.round(performance.now() - started) };
}

/** The numbers as they are now, as text. @throws CutoverError schema_missing | runbook_invalid when a statement answers no single value */
export const countIn = (place: TargetPlace, counts: Counts, signal?: AbortSignal): Promise<Record<string, string>> =>
  withTarget(
    place.dsn,
    async (client) => {
      if (!(await hasSchema(client, place.schema)))
        throw new CutoverError({
          code: 'schema_missing',
          message: `Schema ${place.schema} does not exist in ${dsnPlace(place.dsn)}.`,
          advice: 'Run the rehearsal again; its log says what became of the schema.',
          retry: 'now',
        });
      await client.query(`select set_config('search_path', $1, false)`, [quoteIdent(place.schema)]);
      const found: Record<string, string> = {};
      for (const [name, statement] of Object.entries(counts)) {
        const [row, ...more] = await textRows<Record<string, string | null>>(client, statement);
        const values = Object.values(row ?? {});
        if (more.length || values.length !== 1)
          throw new CutoverError({
            code: 'runbook_invalid',
            message: `The statement of ${name} answers ${more.length + (row ? 1 : 0)} rows of ${values.length} values, not one value.`,
            advice: 'Let it select one number, e.g. select count(*) from a table.',
          });
        found[name] = String(values[0]);
      }
      return found;
    },
    { readOnly: true, signal },
  );

/** What the schema holds now against the backup in `dir`, in words; empty = the same rows, bytes, owners and grants. */
export async function backupProblems(place: TargetPlace, dir: string, signal?: AbortSignal): Promise<string[]> {
  const { manifest } = await readManifest(dir);
  const now = await withTarget(place.dsn, (client) => readContent(client, place), { readOnly: true, signal });
  return contentProblems(manifest, now);
}

/** Removes a schema that a rehearsal has made, and its claim; any other is left alone. */
export async function dropRehearsal(place: TargetPlace): Promise<void> {
  await withTarget(place.dsn, async (client) => {
    await makeLedger(client);
    await inTransaction(client, async () => {
      const mine = await textRows(
        client,
        `delete from ${ledgerOf(client)}.load where cutover_id = $1 returning schema_name`,
        [loadOf(place.schema)],
      );
      if (mine.length) await client.query(`drop schema if exists ${quoteIdent(place.schema)} cascade`);
    });
  });
}

const hasSchema = async (client: pg.Client, schema: string): Promise<boolean> =>
  (await textRows(client, 'select 1 as there from pg_namespace where nspname = $1', [schema])).length > 0;
const words = (counts: Record<string, string>): string =>
  Object.entries(counts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
