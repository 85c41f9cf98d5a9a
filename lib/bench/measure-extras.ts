import { join } from 'node:path';
import type { Bench } from './bench';
import type { Outcome } from './child';
import { keysDdl, makeFourfold, targetDdl } from './make-data';
import { fresh, ours, sql } from './techniques';

/** A figure that stands for itself. */
export type Extra = { what: string; value: string };

/** Kills an import about half-way and runs it again: what was committed is not done twice. */
export async function measureResume(bench: Bench): Promise<Extra[]> {
  const rows = bench.sizes.people + bench.sizes.events + bench.sizes.notes;
  await fresh(bench, targetDdl);
  const whole = (await ours(bench, {}, true)) as Outcome;
  await fresh(bench, targetDdl);
  await ours(bench, { killAfterCommits: Math.max(1, Math.round(Number(whole.told.commits) / 2)) }, true);
  const second = (await ours(bench, {}, true)) as Outcome;
  const kept = Number(second.told.kept);
  if (Number(second.told.rows) !== rows || kept === 0 || kept === rows)
    throw new Error(`the resume gave ${JSON.stringify(second.told)}`);
  const share = Math.round((100 * kept) / rows);
  return [
    {
      what: `resume after a kill, ${share} % committed before`,
      value: `${second.seconds.toFixed(2)} s for the rest, 0 rows twice`,
    },
  ];
}

/** The most memory of the worker's process, for the data and for four times the data. */
export async function measureMemory(bench: Bench): Promise<Extra[]> {
  const found: Extra[] = [];
  for (const [times, source] of [
    ['1 ×', bench.data.large],
    ['4 ×', makeFourfold(join(bench.folder, 'data'), bench.sizes)],
  ] as const)
    for (const accelerated of [true, false]) {
      await fresh(bench, targetDdl);
      const loaded = (await ours(bench, { source }, accelerated)) as Outcome;
      await sql(bench, ...keysDdl);
      const compared = (await ours(bench, { what: 'diff', source }, accelerated)) as Outcome;
      const how = accelerated ? 'accelerated' : 'plain TypeScript';
      found.push({
        what: `peak memory at ${times} the size, ${how}`,
        value: `import ${Math.round(loaded.peakMegabytes)} MB, row diff ${Math.round(compared.peakMegabytes)} MB`,
      });
    }
  return found;
}
