import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { syncFolder } from '@/lib/sources/sqlite-snapshot';
import type { ExportInput } from './files-types';
import { batchesOf, type Manifest, readManifest } from './manifest';
import { withSources } from './open-sources';
import { planExport } from './plan-export';
import { type Damage, findDamage } from './verify-files';
import { exportReader, writeBatch } from './write-batches';

type RedoInput = Pick<ExportInput, 'sources' | 'scope' | 'output' | 'key' | 'signal' | 'failpoint'> & { file: string };

/** Writes one batch again from the very state of the source that was exported; the manifest stays as it is.
 *  @returns what is still damaged elsewhere @throws CutoverError export_source_differs: these are other rows, nothing was changed */
export async function redoBatch(input: RedoInput): Promise<{ manifest: Manifest; damages: Damage[] }> {
  const manifest = readManifest(input.output, { key: input.key });
  const batch = batchesOf(manifest).find(({ file }) => file === input.file);
  if (!batch)
    throw new CutoverError({
      code: 'input_invalid',
      message: `The manifest knows no batch ${input.file}.`,
      advice: 'Name it as the manifest does: table/batch_0001.jsonl.',
    });
  await withSources(input.sources, async (opened, entries) => {
    for (const recorded of manifest.sources) {
      const given = entries.find(({ name }) => name === recorded.name);
      if (given?.sha256 !== recorded.sha256)
        throw otherSource(`The copy of ${recorded.name} is not the one that was exported`);
    }
    const leaveOut = Object.fromEntries(
      manifest.not_exported.map(({ source, name, reason }) => [`${source}:${name}`, reason]),
    );
    const { tables } = planExport(opened, entries, { scope: input.scope, leaveOut });
    const planned = tables.find(({ entry }) => entry.name === batch.table);
    const own = manifest.tables.find(({ name }) => name === batch.table);
    if (!planned || !own) throw otherSource(`${batch.table} is not in the source`);
    const after = own.batches[own.batches.findIndex(({ file }) => file === batch.file) - 1]?.last ?? null;
    // Written beside it first: a batch that turns out to hold other rows must not take the place of anything.
    const aside = `${input.file}.again`;
    try {
      const made = await writeBatch(
        planned,
        exportReader(planned),
        { output: input.output, file: aside, previous: batch.previous, after },
        { batchRows: batch.rows, signal: input.signal, ...(input.failpoint ? { failpoint: input.failpoint } : {}) },
      );
      if (made?.sha256 !== batch.sha256 || made.bytes !== batch.bytes)
        throw otherSource(`${batch.file} came out with other rows than were exported`);
      await input.failpoint?.('export:before-place');
      await takePlace(input.output, aside, batch.file);
    } finally {
      await rm(path.join(input.output, aside), { force: true });
    }
  });
  return { manifest, damages: await findDamage(input.output, manifest, input.signal) };
}

async function takePlace(output: string, from: string, to: string): Promise<void> {
  await rename(path.join(output, from), path.join(output, to));
  await syncFolder(path.dirname(path.join(output, to)));
}

const otherSource = (what: string): CutoverError =>
  new CutoverError({
    code: 'export_source_differs',
    message: `${what}; nothing was changed.`,
    advice:
      'A batch can only be written again from the state that was exported. Begin a new export in an empty folder.',
  });
