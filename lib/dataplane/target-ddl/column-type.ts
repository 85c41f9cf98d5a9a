import { declaredTypes } from '@/lib/sources/json-store/store';
import type { SourceColumn } from '@/lib/sources/source';
import type { TargetColumn } from '@/lib/dataplane/types';
import type { ColumnClasses, Family } from './design-types';

export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

/** SQLite's own rules, in its own order: `FLOATING POINT` is INTEGER, `STRING` is NUMERIC. */
export function affinityOf(declared: string): Affinity {
  const type = declared.toUpperCase();
  if (type.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (type === '' || type === 'ANY' || type.includes('BLOB')) return 'blob';
  if (/REAL|FLOA|DOUB/.test(type)) return 'real';
  return 'numeric';
}

const isDecimal = (declared: string): boolean => /DEC|NUM|MONEY|CURRENCY|PRICE/i.test(declared);
export const isBoolean = (declared: string): boolean => /^\s*BOOL(EAN)?\b/i.test(declared);

type TypeName = 'int8' | 'float8' | 'numeric' | 'text' | 'bytea' | 'bool' | 'json';
const typeTexts: Record<TypeName, string> = {
  int8: 'bigint',
  float8: 'double precision',
  numeric: 'numeric',
  text: 'text',
  bytea: 'bytea',
  bool: 'boolean',
  json: 'json',
};

/** The plainest type that keeps every value as it is. What is stored decides; the declared type only where several would do. */
export function typeOf({ declared }: Pick<SourceColumn, 'declared'>, found: ColumnClasses | undefined): TypeName {
  // Columns of a staged JSON store say themselves what they are: JSON numbers are decimals, nested values exact JSON text.
  if (declared === declaredTypes.number) return 'numeric';
  if (declared === declaredTypes.nested || declared === declaredTypes.mixed) return 'json';
  const affinity = affinityOf(declared);
  const has = (name: 'integer' | 'real' | 'text' | 'blob') => (found?.[name] ?? 0n) > 0n;
  const numbers = has('integer') || has('real');
  if (!numbers && !has('text') && !has('blob')) return emptyType(declared, affinity);
  if (numbers && (has('text') || has('blob'))) return mixedType(declared, affinity, has('blob') && !has('text'));
  if (numbers) return numberType(declared, affinity, found as ColumnClasses);
  if (has('text') && has('blob')) return affinity === 'blob' && declared !== '' ? 'bytea' : 'text';
  return has('blob') ? 'bytea' : 'text';
}

/** What is left of a mixed column of JSON where a rule keeps only its most frequent kind; without such a rule null. */
export const typeOfMost = (most: string | null): TypeName | null =>
  (({ text: 'text', number: 'numeric', boolean: 'bool', nested: 'json' }) as const)[most ?? ''] ?? null;

function numberType(declared: string, affinity: Affinity, found: ColumnClasses): TypeName {
  if (isBoolean(declared) && !found.real && found.onlyBits) return 'bool';
  if (affinity === 'real') return 'float8';
  const decimal = affinity === 'numeric' && isDecimal(declared);
  if (!found.real) return decimal ? 'numeric' : 'int8';
  // Integers that became reals are findings; a column that may hold both by nature keeps both in numeric.
  if (affinity === 'integer') return found.integer ? 'int8' : 'float8';
  if (!found.finite) return 'float8';
  return found.integer || decimal ? 'numeric' : 'float8';
}

/** Values that no single type keeps: each that does not fit becomes a finding. */
function mixedType(declared: string, affinity: Affinity, blobs: boolean): TypeName {
  if (affinity === 'integer') return 'int8';
  if (affinity === 'real') return 'float8';
  if (affinity === 'numeric' && isDecimal(declared)) return 'numeric';
  return affinity === 'blob' && declared !== '' && blobs ? 'bytea' : 'text';
}

/** Nothing stored yet: what SQLite would make of a value of the declared type. */
function emptyType(declared: string, affinity: Affinity): TypeName {
  if (affinity === 'integer') return 'int8';
  if (affinity === 'real') return 'float8';
  if (affinity === 'blob') return /BLOB/i.test(declared) ? 'bytea' : 'text';
  if (affinity === 'numeric' && isBoolean(declared)) return 'bool';
  return affinity === 'numeric' && isDecimal(declared) ? 'numeric' : 'text';
}

/** The column as the catalog will show it; a chosen rule may still widen it. */
export const targetColumn = (name: string, type: TypeName, notNull: boolean): TargetColumn => ({
  name,
  type,
  typeText: typeTexts[type],
  maxChars: null,
  precision: null,
  scale: null,
  notNull,
  defaultSql: null,
  identity: false,
  generated: false,
  sequence: null,
});

export function familyOf(type: string): Family {
  if (/^int[248]$/.test(type)) return 'int';
  if (/^float[48]$/.test(type)) return 'real';
  if (type === 'numeric') return 'numeric';
  if (type === 'bytea') return 'bytea';
  if (type === 'date' || type.startsWith('timestamp')) return 'time';
  return type === 'bool' ? 'bool' : 'text';
}
