import { statfsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { countSource, otherSourceIds, readFence, readSource } from '@/lib/dataplane';
import { isScoped } from '@/lib/sources/scope';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatBytes, formatCount } from '@/lib/shared/format';
import type { StepContext } from '@/lib/steps/step';
import { prove } from './checkpoint';
import { liveSource, scopeOf } from './places';

/** What must hold of the source, each proven by doing. */
export async function sourceProofs(ctx: StepContext): Promise<CheckpointResult[]> {
  const file = ctx.profile.source.path;
  const opens = await prove('source-opens', 'The source opens read-only and is an SQLite database', () => {
    const schema = readSource(liveSource(ctx), scopeOf(ctx));
    return {
      holds: schema.tables.length > 0,
      summary: `${schema.tables.length} tables, ${schema.encoding}, journal ${schema.journalMode}, ${formatBytes(statSync(file).size)}`,
      table: { columns: ['Object', 'Type'], rows: schema.extras.map((extra) => [extra.name, extra.type]) },
      raw: { fingerprint: schema.fingerprint, userVersion: schema.userVersion },
    };
  });
  if (opens.verdict !== 'passed') return [opens];
  return [
    opens,
    await prove('source-intact', 'quick_check of the source says ok', () => quickCheck(file)),
    await prove('source-id', 'The source knows this source id', () => {
      const rows = countSource(liveSource(ctx), scopeOf(ctx));
      if (!isScoped(scopeOf(ctx))) return wholeFile(rows);
      const own = rows.reduce((sum, row) => sum + BigInt(row.scoped ?? '0'), 0n);
      const others = otherSourceIds(liveSource(ctx), scopeOf(ctx));
      return {
        holds: own > 0n,
        summary: `${formatCount(own)} rows of ${ctx.profile.source_id}${others.length ? `; the file also holds ${others.join(', ')}, of which nothing is moved` : ''}`,
        table: {
          columns: ['Table', 'Rows', 'Of this profile'],
          numeric: [1, 2],
          rows: rows.map((row) => [row.table, row.rows, row.scoped ?? 'whole table']),
        },
      };
    }),
    await prove('source-unfenced', 'No fence is on the source', () => {
      const fence = readFence(liveSource(ctx), scopeOf(ctx));
      return {
        holds: fence.state === 'absent',
        summary: fence.state === 'absent' ? 'no trigger of ours' : `fence ${fence.state}: ${fence.triggers.join(', ')}`,
      };
    }),
    await prove('space', 'There is room for the snapshots', () => {
      const disk = statfsSync(ctx.snapshotDir, { bigint: true });
      const free = disk.bavail * disk.bsize;
      const needed = BigInt(statSync(file).size) * 3n + 64n * 1024n * 1024n;
      return {
        holds: free > needed,
        summary: `${formatBytes(free)} free in ${ctx.snapshotDir}, ${formatBytes(needed)} needed`,
      };
    }),
  ];
}

/** A file that is one profile's has no rows of others; an empty one moves as its empty tables. */
function wholeFile(rows: ReturnType<typeof countSource>) {
  const all = rows.reduce((sum, row) => sum + BigInt(row.rows), 0n);
  return {
    holds: true,
    summary: `the whole file is this profile's: ${formatCount(all)} rows in ${rows.length} tables`,
    table: { columns: ['Table', 'Rows'], numeric: [1], rows: rows.map((row) => [row.table, row.rows]) },
  };
}

function quickCheck(file: string) {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    db.pragma('trusted_schema = off');
    const said = (db.pragma('quick_check(20)') as { quick_check: string }[]).map((row) => row.quick_check);
    return { holds: said.length === 1 && said[0] === 'ok', summary: said.join('; ').slice(0, 500) };
  } finally {
    db.close();
  }
}
