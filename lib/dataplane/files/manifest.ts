import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CutoverError } from '@/lib/errors';
import { canonicalJson } from '@/lib/shared/json';

export const manifestName = 'manifest.json';
export const progressName = 'progress.ndjson';

const count = z.number().int().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const batch = z.strictObject({
  /** Beneath the folder of the export. */
  file: z.string(),
  rows: count.min(1),
  bytes: count.min(1),
  sha256: digest,
  /** Chain up to the batch before; it begins with the export id. */
  previous: digest,
  /** Key of its last row as a line; the next batch of the table begins behind it. */
  last: z.string(),
});
const table = z.strictObject({
  /** Its name in the target: the source's, with the prefix of its source. */
  name: z.string(),
  source: z.string(),
  /** Its name in that source. */
  original: z.string(),
  folder: z.string(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      /** As declared. */
      type: z.string(),
      not_null: z.boolean(),
      generated: z.boolean(),
    }),
  ),
  key: z.array(z.string()),
  /** Column that chose the rows of one profile; null: all rows. */
  scope: z.strictObject({ column: z.string(), value: z.string() }).nullable(),
  depends_on: z.array(z.string()),
  create: z.string(),
  indexes: z.array(z.string()),
  /** Largest number that AUTOINCREMENT has given. */
  autoincrement: z.string().nullable(),
  row_count: count,
  batches: z.array(batch),
});
const body = z.strictObject({
  form: z.literal('cutover-files'),
  version: z.literal(1),
  export_id: z.string(),
  generated_at: z.string(),
  batch_rows: count.min(1),
  sources: z.array(
    z.strictObject({
      name: z.string(),
      sha256: digest,
      bytes: count,
      encoding: z.string(),
      user_version: z.number().int(),
      prefix: z.string(),
    }),
  ),
  /** Parents before children; a list, since names may be `__proto__` or `1`. */
  tables: z.array(table),
  /** Everything of the sources that stays behind: tables, columns, views, triggers … */
  not_exported: z.array(z.strictObject({ source: z.string(), kind: z.string(), name: z.string(), reason: z.string() })),
  /** Whole stores left where they are on purpose. */
  excluded: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  /** Chain over all batches. */
  chain: digest,
});
const manifest = body.extend({ seal: z.strictObject({ digest, hmac: digest }) });

export type FileBatch = z.infer<typeof batch>;
export type FileTable = z.infer<typeof table>;
export type ManifestBody = z.infer<typeof body>;
export type Manifest = z.infer<typeof manifest>;
/** What an export is held to: the key that sealed it, or the digest that was recorded when it was made. */
export type Binding = { key: Buffer } | { digest: string };

export const chainStart = (exportId: string): string => sha256(`cutover-files ${exportId}`);
export const chainAfter = (one: FileBatch): string =>
  sha256(canonicalJson([one.previous, one.file, one.rows, one.bytes, one.sha256, one.last]));
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
export const hmacOf = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');
const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export function sealManifest(content: ManifestBody, key: Buffer): Manifest {
  const own = sha256(canonicalJson(content));
  return { ...content, seal: { digest: own, hmac: hmacOf(key, own) } };
}

/** Batches in the order of the chain: tables as the manifest lists them. */
export const batchesOf = ({ tables }: Pick<Manifest, 'tables'>): (FileBatch & { table: string })[] =>
  tables.flatMap(({ name, batches }) => batches.map((one) => ({ ...one, table: name })));

export const damaged = (message: string, facts: Record<string, string[] | string> = {}, cause?: unknown) =>
  new CutoverError(
    {
      code: 'export_damaged',
      message,
      advice:
        'Nothing was imported. Export the named batch alone again (cutover export --batch), or the whole export; never edit its files.',
      facts,
    },
    { cause },
  );

/** The manifest, proven to be the one that was made. @throws CutoverError export_damaged | export_incomplete */
export function readManifest(folder: string, binding: Binding): Manifest {
  const found = parseManifest(folder);
  const { seal, ...content } = found;
  if (!same(sha256(canonicalJson(content)), seal.digest))
    throw damaged(`${manifestName} was edited: its content does not match its digest.`, { file: manifestName });
  const bound =
    'key' in binding ? same(hmacOf(binding.key, seal.digest), seal.hmac) : same(binding.digest, seal.digest);
  if (!bound)
    throw damaged(
      'key' in binding
        ? `${manifestName} is not sealed with the key of this console: it was edited and sealed anew, or made elsewhere.`
        : `${manifestName} is not the one that was recorded: its digest is ${seal.digest}.`,
      { file: manifestName, digest: seal.digest },
    );
  let chain = chainStart(found.export_id);
  for (const one of batchesOf(found)) {
    if (one.previous !== chain) throw damaged(`The chain breaks at ${one.file}.`, { file: one.file });
    chain = chainAfter(one);
  }
  if (chain !== found.chain) throw damaged(`The chain of ${manifestName} does not end where it says.`);
  for (const { name, batches, row_count } of found.tables)
    if (batches.reduce((sum, { rows }) => sum + rows, 0) !== row_count)
      throw damaged(`The batches of ${name} do not add up to its ${row_count} rows.`, { table: name });
  return found;
}

function parseManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(path.join(folder, manifestName), 'utf8');
  } catch (thrown) {
    throw new CutoverError(
      {
        code: 'export_incomplete',
        message: `${folder} holds no ${manifestName}: it is no export, or one that was not finished.`,
        advice: 'Check the folder; an export that was interrupted goes on with the same command.',
      },
      { cause: thrown },
    );
  }
  try {
    return manifest.parse(JSON.parse(text));
  } catch (thrown) {
    throw damaged(`${manifestName} cannot be read: it was cut or edited.`, { file: manifestName }, thrown);
  }
}
