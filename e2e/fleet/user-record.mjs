import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A source_id as a file name: everything unusual in percent code. */
export const fileNameOf = (sourceId) => encodeURIComponent(sourceId).replaceAll('*', '%2A');

/**
 * What a profile's users have seen: every acknowledged write in `<id>.acks.ndjson`, every failure in
 * `<id>.failures.ndjson`, and counters in `<id>.json`. Counts go on over restarts.
 */
export function openUserRecord(folder, sourceId) {
  const base = join(folder, fileNameOf(sourceId));
  const counters = { acknowledged: 0, failed: 0, held: 0, reads: 0, updatedAt: null };
  if (existsSync(`${base}.json`)) Object.assign(counters, JSON.parse(readFileSync(`${base}.json`, 'utf8')));
  const append = (suffix, line) =>
    appendFileSync(`${base}.${suffix}.ndjson`, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
  return {
    counters,
    acknowledge(write, requestId) {
      append('acks', {
        table: write.table,
        key: write.key,
        column: write.column,
        value: write.value,
        request_id: requestId,
      });
      counters.acknowledged += 1;
    },
    fail(what) {
      append('failures', what);
      counters.failed += 1;
    },
    /** The walk was stopped with this write unanswered: an independent check must not judge its key. */
    leaveOpen(write) {
      append('failures', { kind: 'unanswered', table: write.table, key: write.key, column: write.column });
    },
    save() {
      const partial = `${base}.json.${process.pid}.partial`;
      writeFileSync(partial, `${JSON.stringify({ ...counters, updatedAt: new Date().toISOString() })}\n`, {
        mode: 0o644,
      });
      renameSync(partial, `${base}.json`);
    },
  };
}
