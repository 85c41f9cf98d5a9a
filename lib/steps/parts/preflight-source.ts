import { statfsSync, statSync } from 'node:fs';
import { CutoverError } from '@/lib/errors';
import { withSqlite } from '@/lib/sources/sqlite-file';
import { countSource, otherSourceIds, readSource } from '@/lib/dataplane';
import { listStore } from '@/lib/sources/json-store/list-files';
import { isScoped } from '@/lib/sources/scope';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatBytes, formatCount } from '@/lib/shared/format';
import type { StepContext } from '@/lib/steps/step';
import { checkFile } from '@/lib/sources/sqlite-extras';
import { prove } from './checkpoint';
import { filesOf, jsonStoreOf, liveSource, liveSourceInTurns, scopeOf } from './places';
import { sourceFenceOf } from './source-fence';
import { sourceFiles, sourceWords } from '@/lib/fleet/source-files';

/** What must hold of the source, each proven by doing. */
export async function sourceProofs(ctx: StepContext): Promise<CheckpointResult[]> {
  const file = sourceWords(ctx.profile);
  const store = jsonStoreOf(ctx);
  const what = store ? 'is JSON from its first byte to its last' : 'is a SQLite database';
  const opens = await prove('source-opens', `The source opens read-only and ${what}`, async () => {
    const schema = readSource(await liveSourceInTurns(ctx), scopeOf(ctx));
    const { tables, extras, unreadable } = schema;
    if (!tables.length && !unreadable.length)
      throw new CutoverError({
        code: 'source_empty',
        message: `${file} holds no table${extras.length ? `, only ${extras.map(({ type, name }) => `${type} ${name}`).join(', ')}` : ''}: there is no row to move.`,
        advice: 'Check the path; the application may keep its tables in another file, or may not have made them yet.',
      });
    return {
      holds: tables.length > 0,
      summary: `${schema.tables.length} tables, ${schema.encoding}, ${store ? '' : `journal ${schema.journalMode}, `}${formatBytes(sourceBytes(ctx))}`,
      table: { columns: ['Object', 'Type'], rows: schema.extras.map((extra) => [extra.name, extra.type]) },
      raw: { fingerprint: schema.fingerprint, userVersion: schema.userVersion },
    };
  });
  // A proof that was ended found nothing out.
  ctx.signal.throwIfAborted();
  if (opens.verdict !== 'passed') return [opens];
  return [
    opens,
    // A store of JSON has no pages to check: that it is whole has just been read, value by value.
    ...(store ? [] : [await prove('source-intact', 'quick_check of the source says ok', () => quickCheck(ctx))]),
    await prove('source-id', 'The source knows this source id', () => {
      const rows = countSource(liveSource(ctx), scopeOf(ctx));
      if (!isScoped(scopeOf(ctx))) return wholeFile(rows);
      const own = rows.reduce((sum, row) => sum + BigInt(row.scoped ?? '0'), 0n);
      const others = otherSourceIds(liveSource(ctx), scopeOf(ctx));
      if (own === 0n) throw unknownId(ctx, others);
      return {
        holds: true,
        summary: `${formatCount(own)} rows of ${ctx.profile.source_id}${others.length ? `; the file also holds ${others.join(', ')}, of which nothing is moved` : ''}`,
        table: {
          columns: ['Table', 'Rows', 'Of this profile'],
          numeric: [1, 2],
          rows: rows.map((row) => [row.table, row.rows, row.scoped ?? 'whole table']),
        },
      };
    }),
    await prove('source-unfenced', 'No fence is on the source', () => {
      const fence = sourceFenceOf(ctx).read();
      if (fence.state === 'absent') return { holds: true, summary: 'none of ours' };
      throw new CutoverError({
        code: 'fence_failed',
        message: `${file} carries a fence of ours (${fence.state}: ${fence.names.join(', ')}), which refuses its writes.`,
        advice: 'Finish or roll back the cutover that took it; a rollback lifts it.',
      });
    }),
    await prove('space', 'There is room for the snapshots', () => {
      const disk = statfsSync(ctx.snapshotDir, { bigint: true });
      const free = disk.bavail * disk.bsize;
      const needed = sourceBytes(ctx) * 3n + 64n * 1024n * 1024n;
      if (free > needed)
        return {
          holds: true,
          summary: `${formatBytes(free)} free in ${ctx.snapshotDir}, ${formatBytes(needed)} needed`,
        };
      throw new CutoverError({
        code: 'disk_full',
        message: `${ctx.snapshotDir} has ${formatBytes(free)} free; the snapshots need ${formatBytes(needed)}.`,
        advice: 'Make room there, or set CUTOVER_HOME to a larger disk.',
        retry: 'later',
      });
    }),
  ];
}

const sourceBytes = (ctx: StepContext): bigint => {
  const store = jsonStoreOf(ctx);
  if (!store) return sourceFiles(ctx.profile.source).reduce((sum, file) => sum + BigInt(statSync(file).size), 0n);
  return listStore(store.path, store.allowedRoots).files.reduce((sum, { stat }) => sum + stat.size, 0n);
};

/** A file that is one profile's has no rows of others; an empty one moves as its empty tables. */
function wholeFile(rows: ReturnType<typeof countSource>) {
  const all = rows.reduce((sum, row) => sum + BigInt(row.rows), 0n);
  return {
    holds: true,
    summary: `the whole file is this profile's: ${formatCount(all)} rows in ${rows.length} tables`,
    table: { columns: ['Table', 'Rows'], numeric: [1], rows: rows.map((row) => [row.table, row.rows]) },
  };
}

/** @throws CutoverError source_damaged with what SQLite says */
function quickCheck(ctx: StepContext) {
  const files = filesOf(ctx);
  // The one file that is made of several is new: what is damaged shows in the files themselves.
  const read = files
    ? Object.values(files.files).map((path) => ({ path, allowedRoots: ctx.allowedRoots }))
    : [liveSource(ctx)];
  const checked = read.map((one) => withSqlite(one, (file) => checkFile(file, 'quick_check', 20)));
  const damage = checked.flatMap((one, at) => one.damage.map((text) => (files ? `${read[at]?.path}: ${text}` : text)));
  const unchecked = checked.flatMap((one) => one.unchecked);
  const beside = unchecked.length ? `; not checked here: ${unchecked.join(', ')}` : '';
  if (!damage.length) return { holds: true, summary: `ok${beside}`.slice(0, 500) };
  throw new CutoverError({
    code: 'source_damaged',
    message: `${sourceWords(ctx.profile)} is damaged: ${firstLines(damage)}.`,
    advice: 'Stop here. Recover on a copy (sqlite3 .recover) and let the system’s owner decide what is used.',
    facts: { damage },
  });
}

const mostLines = 3;
/** SQLite answers in many lines, and in several at once; all of them are among the facts. */
function firstLines(damage: readonly string[]): string {
  const lines = damage.flatMap((text) => text.split('\n')).filter((line) => !/^\*\*\*.*\*\*\*$/.test(line.trim()));
  const more = lines.length - mostLines;
  return `${lines.slice(0, mostLines).join('; ').slice(0, 400)}${more > 0 ? `; and ${more} more` : ''}`;
}

const unknownId = (ctx: StepContext, others: string[]): CutoverError =>
  new CutoverError({
    code: 'source_id_unknown',
    message: `${sourceWords(ctx.profile)} holds no row of ${ctx.profile.source_id}; it holds ${others.join(', ') || 'no source id at all'}.`,
    advice: 'Correct source_id, source.path or scope_column of the profile in the fleet file.',
  });
