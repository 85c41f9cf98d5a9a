import type { Manifest } from '@/lib/dataplane';
import { formatBytes, formatCount } from '@/lib/shared/format';
import { checkpoint } from './checkpoint';

export const batchTotal = (
  { tables }: Manifest,
  of: (batch: Manifest['tables'][number]['batches'][number]) => number,
): number => tables.reduce((sum, { batches }) => sum + batches.reduce((all, batch) => all + of(batch), 0), 0);
export const rowTotal = (manifest: Manifest): number => batchTotal(manifest, ({ rows }) => rows);

export const filesCheckpoint = (manifest: Manifest, bytes: number) =>
  checkpoint('files', 'Every file is whole, and its rows read back are those of the source', true, {
    summary: `${formatCount(rowTotal(manifest))} rows, ${formatBytes(bytes)} in ${batchTotal(manifest, () => 1)} batches of ${manifest.tables.length} tables`,
    digests: [
      { of: 'manifest.json', sha256: manifest.seal.digest },
      ...manifest.sources.map(({ name, sha256 }) => ({ of: name, sha256 })),
    ],
    table: {
      columns: ['Table', 'Source', 'Rows', 'Batches', 'Columns'],
      numeric: [2, 3, 4],
      rows: manifest.tables.map((one) => [
        one.name,
        one.source,
        String(one.row_count),
        String(one.batches.length),
        String(one.columns.length),
      ]),
    },
  });

export const behindCheckpoint = ({ not_exported: behind, excluded }: Manifest) =>
  checkpoint('accounted', 'Every table, column and object of the source is exported or listed', true, {
    summary: `${behind.length} objects stay behind with a reason${excluded.length ? `; left out on purpose: ${excluded.map(({ name }) => name).join(', ')}` : ''}`,
    table: {
      columns: ['Source', 'Kind', 'Name', 'Reason'],
      rows: [
        ...behind.map(({ source, kind, name, reason }) => [source, kind, name, reason]),
        ...excluded.map(({ name, reason }) => [name, 'store', name, reason]),
      ],
    },
  });
