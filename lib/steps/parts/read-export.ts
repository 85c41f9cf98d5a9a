import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CutoverError } from '@/lib/errors';
import type { Json } from '@/lib/shared/json';
import { formatBytes } from '@/lib/shared/format';

export type ExportHeader = { type?: string; version?: number; source_id?: string };
export type ExportRead = {
  /** First line of a file of lines. */
  header: ExportHeader | null;
  /** Line type, or member that is a list → how many. */
  counts: Record<string, number>;
  /** Lines that are no JSON; 1 for a document that is none. */
  broken: number;
  kept: Record<string, Json>;
};

/** A file of JSON lines: counted by their `type`, the first is the header. Gzip by its name. */
export async function readLinesExport(file: string): Promise<ExportRead> {
  const raw = createReadStream(file);
  const lines = createInterface({
    input: file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw,
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  const counts: Record<string, number> = {};
  let header: ExportHeader | null = null;
  let broken = 0;
  for await (const line of lines) {
    try {
      const value = JSON.parse(line) as ExportHeader;
      if (header === null) header = { type: value.type, version: value.version, source_id: value.source_id };
      else counts[String(value.type)] = (counts[String(value.type)] ?? 0) + 1;
    } catch {
      broken += 1;
    }
  }
  return { header, counts, broken, kept: {} };
}

/** Larger than this a document is not read in one piece. */
const mostBytes = 384 * 1024 * 1024;

/** One JSON document: its members that are lists are counted, those named in `keep` are kept. @throws CutoverError export_incomplete */
export function readDocumentExport(file: string, keep: readonly string[]): ExportRead {
  const { size } = statSync(file);
  if (size > mostBytes)
    throw new CutoverError({
      code: 'export_incomplete',
      message: `${file} has ${formatBytes(size)}; a document of more than ${formatBytes(mostBytes)} is not read.`,
      advice: 'Let the system export lines (expect_tables), or export to files.',
    });
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { header: null, counts: {}, broken: 1, kept: {} };
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return { header: null, counts: {}, broken: 1, kept: {} };
  const members = Object.entries(document);
  return {
    header: null,
    counts: Object.fromEntries(
      members.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.length]] : [])),
    ),
    broken: 0,
    kept: Object.fromEntries(members.filter(([name]) => keep.includes(name))) as Record<string, Json>,
  };
}
