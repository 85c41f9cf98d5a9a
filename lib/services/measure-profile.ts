import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonSource, ProfileEntry, SqliteFilesSource } from '@/lib/fleet/schema';
import { movedFiles } from '@/lib/fleet/source-files';
import { toFacts } from '@/lib/errors';
import type { Json } from '@/lib/shared/json';
import {
  countSource,
  liveStaged,
  quoteIdent,
  readRegistry,
  type SourceScope,
  sourceScope,
  targetPlace,
  withTarget,
} from '@/lib/dataplane';
import { listStore } from '@/lib/sources/json-store/list-files';

export type ProfileMeasure = {
  sourceBytes: string | null;
  targetBytes: string | null;
  /** Rows of this profile, decimal text; null where a side has no such table or could not be read. */
  counts: { table: string; source: string | null; target: string | null }[];
  registry: { sourceId: string; schema: string; valid: boolean; problem: string | null }[];
  target: { reachable: boolean; error: Json | null };
  source: { readable: boolean; error: Json | null };
  at: string;
};

/**
 * The slower reading of a profile: rows and bytes on both sides, its registry row, whether the target answers. Opens the
 * source with better-sqlite3, so it runs in a child process, never in a request.
 */
export async function measureProfile(
  profile: ProfileEntry,
  dsn: string,
  allowedRoots: readonly string[],
  signal?: AbortSignal,
): Promise<ProfileMeasure> {
  const source = measureSource(profile, allowedRoots);
  const target = await measureTarget(
    profile,
    dsn,
    source.rows.map(({ table }) => table),
    signal,
  );
  const names = [...new Set([...source.rows.map(({ table }) => table), ...target.rows.keys()])].sort();
  return {
    sourceBytes: source.bytes,
    targetBytes: target.bytes,
    counts: names.map((table) => ({
      table,
      source: source.rows.find((row) => row.table === table)?.rows ?? null,
      target: target.rows.get(table) ?? null,
    })),
    registry: target.registry,
    source: { readable: source.error === null, error: source.error },
    target: { reachable: target.error === null, error: target.error },
    at: new Date().toISOString(),
  };
}

function measureSource(
  profile: ProfileEntry,
  allowedRoots: readonly string[],
): { bytes: string | null; rows: { table: string; rows: string }[]; error: Json | null } {
  try {
    // The live schema is measured as the target.
    if (profile.source.kind === 'target-schema') return { bytes: null, rows: [], error: null };
    const scope = sourceScope(profile.source_id, profile.source);
    if (profile.source.kind === 'sqlite-files')
      return { ...measureFiles(profile.source, allowedRoots, scope), error: null };
    if (profile.source.kind === 'json-store')
      return { ...measureStore(profile.source, allowedRoots, scope), error: null };
    const counts = countSource({ path: profile.source.path, allowedRoots }, scope);
    return {
      bytes: String(fileBytes(profile.source.path) + fileBytes(`${profile.source.path}-wal`)),
      error: null,
      rows: counts.map(({ table, rows, scoped }) => ({ table, rows: scoped ?? rows })),
    };
  } catch (thrown) {
    return { bytes: null, rows: [], error: toFacts(thrown) };
  }
}

/** Each file by itself: the names of its tables, with its own in front where another file has them too. */
function measureFiles(source: SqliteFilesSource, allowedRoots: readonly string[], scope: SourceScope) {
  const files = Object.entries(movedFiles(source)).map(([name, file]) => ({
    name,
    bytes: fileBytes(file) + fileBytes(`${file}-wal`),
    counts: countSource({ path: file, allowedRoots }, scope),
  }));
  const all = files.flatMap(({ name, counts }) => counts.map((count) => ({ name, ...count })));
  const twice = (table: string): boolean => all.filter((one) => one.table === table).length > 1;
  return {
    bytes: String(files.reduce((sum, { bytes }) => sum + bytes, 0n)),
    rows: all.map(({ name, table, rows }) => ({ table: twice(table) ? `${name}_${table}` : table, rows })),
  };
}

const fileBytes = (file: string): bigint => statSync(file, { bigint: true, throwIfNoEntry: false })?.size ?? 0n;

/** Rows of a larger store are counted by the steps that read it, not by every look at the fleet. */
const countedBytes = 32n * 1024n * 1024n;

function measureStore(
  { path: folder, records, stays }: JsonSource,
  allowedRoots: readonly string[],
  scope: SourceScope,
): { bytes: string; rows: { table: string; rows: string }[] } {
  const bytes = listStore(folder, allowedRoots).files.reduce((sum, { stat }) => sum + stat.size, 0n);
  if (bytes > countedBytes) return { bytes: String(bytes), rows: [] };
  const own = mkdtempSync(path.join(tmpdir(), 'cutover-store-'));
  try {
    const counts = countSource(liveStaged({ path: folder, allowedRoots, records, stays }, own), scope);
    return { bytes: String(bytes), rows: counts.map(({ table, rows }) => ({ table, rows })) };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

async function measureTarget(
  profile: ProfileEntry,
  dsn: string,
  tables: string[],
  signal?: AbortSignal,
): Promise<{
  bytes: string | null;
  rows: Map<string, string>;
  registry: ProfileMeasure['registry'];
  error: Json | null;
}> {
  const place = targetPlace(dsn, profile.source_id, profile.target);
  try {
    return await withTarget(
      dsn,
      async (client) => {
        const registry = (await readRegistry(client, place)).map((row) => ({
          sourceId: row.sourceId,
          schema: row.schema,
          valid: row.schemaExists,
          problem: row.schemaExists ? null : `Schema ${row.schema} does not exist.`,
        }));
        const present = await client.query<{ relname: string; bytes: string }>(
          `select c.relname, pg_total_relation_size(c.oid)::text as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relkind in ('r', 'p') and ($2::text[] is null or c.relname = any($2::text[])) order by 1`,
          [place.schema, place.tables ?? null],
        );
        const rows = new Map<string, string>();
        for (const { relname } of present.rows) {
          const counted = await client.query<{ n: string }>(
            `select count(*)::text as n from ${quoteIdent(place.schema)}.${quoteIdent(relname)}`,
          );
          rows.set(relname, counted.rows[0]?.n ?? '0');
        }
        for (const shared of place.sharedTables.filter(({ table }) => tables.includes(table))) {
          rows.set(shared.table, await countShared(client, shared, profile.source_id));
        }
        const bytes = present.rows.length
          ? String(present.rows.reduce((sum, row) => sum + BigInt(row.bytes), 0n))
          : null;
        return { bytes, rows, registry, error: null };
      },
      { readOnly: true, signal },
    );
  } catch (thrown) {
    signal?.throwIfAborted();
    return { bytes: null, rows: new Map(), registry: [], error: toFacts(thrown) };
  }
}

async function countShared(
  client: import('pg').Client,
  shared: { schema: string; table: string; keyColumn: string },
  sourceId: string,
): Promise<string> {
  const known = await client.query<{ there: string }>('select to_regclass($1) is not null as there', [
    `${quoteIdent(shared.schema)}.${quoteIdent(shared.table)}`,
  ]);
  if (known.rows[0]?.there !== 't') return '0';
  const counted = await client.query<{ n: string }>(
    `select count(*)::text as n from ${quoteIdent(shared.schema)}.${quoteIdent(shared.table)} where ${quoteIdent(shared.keyColumn)} = $1`,
    [sourceId],
  );
  return counted.rows[0]?.n ?? '0';
}
