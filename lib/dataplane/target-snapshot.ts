import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { digestFile, syncFolder } from '@/lib/sources/sqlite-snapshot';
import { canonicalJson } from '@/lib/shared/json';
import { inTransaction, textRows, withTarget } from './connect-target';
import { readContent, readOwnRows, rowsPlaces } from './target-content';
import { requireToolsFor, runTool } from './pg-tools';
import type { PgTools, TargetManifest, TargetSnapshot, TargetSnapshotInput, TargetSnapshotProof } from './types';

const manifestFile = 'manifest.json';
const dumpFile = 'schema.dump';

/** Schema and rows of the profile from one exported snapshot. The folder appears under its name only when it is whole and on disk.
 *  @throws CutoverError tool_* | target_* | disk_full */
export async function snapshotTarget(input: TargetSnapshotInput): Promise<TargetSnapshot> {
  const started = performance.now();
  const { place, dir, tools, signal } = input;
  const dsn = input.adminDsn ?? place.dsn;
  const partial = `${dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    const manifest = await withTarget(
      dsn,
      (client) =>
        inTransaction(
          client,
          async () => {
            const [head] = await textRows<{ snapshot: string; version: string }>(
              client,
              `select pg_export_snapshot() as snapshot, current_setting('server_version_num') as version`,
            );
            requireToolsFor(tools, Number(head?.version));
            return describe(client, input, dsn, partial, String(head?.snapshot), Number(head?.version));
          },
          'begin isolation level repeatable read read only',
        ),
      { signal },
    );
    const text = canonicalJson(manifest);
    await writeSynced(join(partial, manifestFile), Buffer.from(text));
    await syncFolder(partial);
    await input.failpoint?.('snapshot:before-rename');
    await rm(dir, { recursive: true, force: true });
    await rename(partial, dir);
    await syncFolder(dirname(dir));
    const bytes = BigInt(manifest.dump?.bytes ?? 0) + BigInt(text.length);
    return {
      dir,
      manifest,
      digest: createHash('sha256').update(text).digest('hex'),
      bytes: bytes.toString(),
      durationMs: Math.round(performance.now() - started),
    };
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true });
    throw thrown;
  }
}

async function describe(
  client: pg.Client,
  input: TargetSnapshotInput,
  dsn: string,
  partial: string,
  snapshot: string,
  serverVersion: number,
): Promise<TargetManifest> {
  const { place, tools, signal, log } = input;
  const takenAt = new Date().toISOString();
  const content = await readContent(client, place);
  let dump: TargetManifest['dump'] = null;
  if (content.exists) {
    const file = join(partial, dumpFile);
    await runTool({
      dsn,
      program: tools.pgDump,
      dir: partial,
      signal,
      log,
      args: [
        '--format=custom',
        '--compress=0',
        ...(place.tables
          ? content.tables.map(({ table }) => `--table=${quotePath(place.schema, table)}`)
          : [`--schema=${quoteIdent(place.schema)}`]),
        '--strict-names',
        `--snapshot=${snapshot}`,
        '--no-password',
        `--file=${file}`,
      ],
    });
    const handle = await open(file, 'r+');
    await handle.sync().finally(() => handle.close());
    dump = {
      file: dumpFile,
      bytes: String((await stat(file)).size),
      sha256: await digestFile(file),
      pgDump: tools.version,
    };
  }
  const rows: TargetManifest['rows'] = [];
  for (const [i, one] of rowsPlaces(place).entries()) {
    const own = await readOwnRows(client, one, place.sourceId);
    if (!own) continue;
    const file = `rows-${i + 1}.copy`;
    await writeSynced(join(partial, file), own.text);
    rows.push({
      ...one,
      columns: own.columns,
      rows: own.rows,
      file,
      sha256: createHash('sha256').update(own.text).digest('hex'),
    });
  }
  return {
    version: 1,
    schema: place.schema,
    sourceId: place.sourceId,
    absent: !content.exists,
    owner: content.owner,
    grants: content.grants,
    tables: content.tables,
    rows,
    dump,
    serverVersion,
    exportedSnapshot: snapshot,
    takenAt,
  };
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes, { mode: 0o600, flag: 'wx', flush: true });
}

/** @throws CutoverError snapshot_missing | snapshot_damaged */
export async function readManifest(dir: string): Promise<{ manifest: TargetManifest; digest: string }> {
  let text: string;
  try {
    text = await readFile(join(dir, manifestFile), 'utf8');
  } catch (cause) {
    throw new CutoverError(
      {
        code: 'snapshot_missing',
        message: `${dir} holds no snapshot.`,
        advice: 'Take the snapshot again.',
        facts: { dir },
      },
      { cause },
    );
  }
  try {
    return { manifest: JSON.parse(text) as TargetManifest, digest: createHash('sha256').update(text).digest('hex') };
  } catch (cause) {
    throw new CutoverError(
      {
        code: 'snapshot_damaged',
        message: `The manifest in ${dir} cannot be read.`,
        advice: 'Take the snapshot again; do not restore this one.',
        facts: { dir },
      },
      { cause },
    );
  }
}

/** Proves a snapshot by reading all of it: digests of every file, and the whole dump through pg_restore. */
export async function verifyTargetSnapshot({
  dir,
  tools,
  digest,
  signal,
}: {
  dir: string;
  tools: PgTools;
  digest?: string;
  signal: AbortSignal;
}): Promise<TargetSnapshotProof> {
  const { manifest, digest: found } = await readManifest(dir);
  const problems: string[] = [];
  if (digest && digest !== found) problems.push(`the manifest’s SHA-256 is ${found}, recorded was ${digest}`);
  for (const { file, sha256 } of [...manifest.rows, ...(manifest.dump ? [manifest.dump] : [])]) {
    const now = await digestFile(join(dir, file)).catch(() => 'missing');
    if (now !== sha256) problems.push(`${file}: SHA-256 is ${now}, recorded was ${sha256}`);
  }
  const entries = manifest.dump ? await readDump(dir, tools, signal, problems) : 0;
  return {
    passed: problems.length === 0,
    problems,
    tables: manifest.tables.length,
    entries,
    digest: found,
    bytes: manifest.dump?.bytes ?? '0',
  };
}

/** A list alone succeeds on a truncated dump; only a full read does not. */
async function readDump(dir: string, tools: PgTools, signal: AbortSignal, problems: string[]): Promise<number> {
  const file = join(dir, dumpFile);
  const run = (args: string[]) =>
    runTool({ dsn: 'postgres://nobody@localhost/none', program: tools.pgRestore, dir, signal, args });
  try {
    const list = await run(['--list', file]);
    await run(['--file=/dev/null', file]);
    return list.split('\n').filter((line) => /^\d+;/.test(line)).length;
  } catch (thrown) {
    if (!(thrown instanceof CutoverError)) throw thrown;
    problems.push(thrown.message);
    return 0;
  }
}
