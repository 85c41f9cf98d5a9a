import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CutoverError } from '@/lib/errors';

const table = z.object({
  columns: z.array(z.string()),
  row_count: z.number().int().nonnegative(),
  batches: z.array(z.object({ file: z.string(), rows: z.number().int(), checksum: z.string() })),
});
const manifestFile = z.object({
  tables: z.union([z.record(z.string(), table), z.array(table.extend({ name: z.string() }))]),
});

export type BatchTable = {
  name: string;
  columns: string[];
  rows: number;
  files: number;
  lines: number;
  damaged: string[];
};

/** A folder of batches as a system's own tool makes it: a manifest of tables, each batch with rows and SHA-256. Every byte is read.
 *  @throws CutoverError export_damaged when the manifest cannot be read */
export async function readBatches(folder: string): Promise<BatchTable[]> {
  const tables = readManifest(path.join(folder, 'manifest.json'));
  const read: BatchTable[] = [];
  for (const { name, columns, row_count: rows, batches } of tables) {
    const damaged: string[] = [];
    let lines = 0;
    for (const { file, rows: wanted, checksum } of batches) {
      const found = await readBatch(folder, file);
      if (!found) damaged.push(`${file}: missing`);
      else if (found.sha256 !== checksum)
        damaged.push(`Checksum mismatch for ${file}: expected ${checksum}, got ${found.sha256}`);
      else if (found.lines !== wanted) damaged.push(`${file}: ${found.lines} lines, ${wanted} in the manifest`);
      lines += found?.lines ?? 0;
    }
    read.push({ name, columns, rows, files: batches.length, lines, damaged });
  }
  return read;
}

function readManifest(file: string): (z.infer<typeof table> & { name: string })[] {
  try {
    const { tables } = manifestFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return Array.isArray(tables) ? tables : Object.entries(tables).map(([name, one]) => ({ name, ...one }));
  } catch (thrown) {
    throw new CutoverError(
      {
        code: 'export_damaged',
        message: `${file} is no manifest of batches: ${thrown instanceof Error ? thrown.message.slice(0, 300) : String(thrown)}.`,
        advice: 'Run the export again.',
        retry: 'now',
      },
      { cause: thrown },
    );
  }
}

/** A name that leads out of the folder counts as missing. */
async function readBatch(folder: string, file: string): Promise<{ sha256: string; lines: number } | null> {
  const full = path.resolve(folder, file);
  if (!full.startsWith(path.resolve(folder) + path.sep) || !existsSync(full)) return null;
  const hash = createHash('sha256');
  let lines = 0;
  for await (const piece of createReadStream(full)) {
    hash.update(piece as Buffer);
    for (const byte of piece as Buffer) if (byte === 10) lines += 1;
  }
  return { sha256: hash.digest('hex'), lines };
}
