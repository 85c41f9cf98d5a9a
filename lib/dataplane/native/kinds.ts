import type { ColumnMapping, TableMapping } from '@/lib/dataplane/types';

/** The word that tells the accelerator how to encode a column, or null for a type it does not know. */
function kindOf({ type, notNull }: ColumnMapping): string | null {
  const mark = notNull ? '!' : '';
  switch (type.type) {
    case 'int2':
      return `h${mark}`;
    case 'int4':
      return `i${mark}`;
    case 'int8':
      return `l${mark}`;
    case 'float4':
      return `f${mark}`;
    case 'float8':
      return `d${mark}`;
    case 'numeric':
      if (type.precision === null) return `n${mark}`;
      return (type.scale ?? -1) < 0 ? null : `n${type.precision}.${type.scale}${mark}`;
    case 'bool':
      return `B${mark}`;
    case 'text':
    case 'citext':
    case 'enum':
      return `t${mark}`;
    case 'varchar':
      return type.maxChars === null ? `t${mark}` : `v${type.maxChars}${mark}`;
    case 'bpchar':
      return type.maxChars === null ? null : `p${type.maxChars}${mark}`;
    case 'bytea':
      return `b${mark}`;
    case 'uuid':
      return `u${mark}`;
    case 'json':
      return `j${mark}`;
    case 'jsonb':
      return `J${mark}`;
    case 'date':
      return `D${mark}`;
    case 'timestamp':
      return `s${mark}`;
    case 'timestamptz':
      return `z${mark}`;
    default:
      return null;
  }
}

/**
 * The columns of a table for the accelerator, or null when the table is the TypeScript encoder's alone. Chosen rules need no word:
 * they change only cells that do not fit, and the accelerator never takes such a cell.
 */
export function kindsOf(mapping: TableMapping): string | null {
  if (mapping.columns.some(({ tokens }) => tokens)) return null;
  const kinds = mapping.columns.map(kindOf);
  return !kinds.length || kinds.includes(null) ? null : kinds.join(' ');
}
