import type { Cell } from '@/lib/sources/source';
import { tokenEncoder } from './encode-token';
import { type Misfit, presentEncoder, type ValueEncoder } from './encode-value';
import type { RowBuffer } from './row-buffer';
import { misfitCodes } from './finding-types';
import { applyRule, asWidened, ruleFor } from './rules';
import type { ChosenRules, ColumnMapping, RuleName, TableMapping } from './types';

export type OnMisfit = (columnIndex: number, misfit: Misfit, cell: Cell) => void;
/** Length of a field that no target value has: a cell that does not fit. It never equals anything. */
export const misfitLength = -2;
/** Writes a row in the binary COPY layout. Returns false if a cell did not fit; every such cell is told and marked. */
export type RowEncoder = (row: readonly Cell[], out: RowBuffer, onMisfit: OnMisfit) => boolean;

/** The one encoder of a table: profile, import and row diff all use it, so what was judged is what is copied and compared. */
export function rowEncoder(mapping: TableMapping, rules: ChosenRules): RowEncoder {
  const encoders = mapping.columns.map((column) => columnEncoder(mapping.source, column, rules));
  const width = encoders.length;
  return (row, out, onMisfit) => {
    let fits = true;
    out.int16(width);
    for (let i = 0; i < width; i += 1) {
      const misfit = (encoders[i] as ValueEncoder)(row[i] as Cell, out);
      if (misfit) {
        fits = false;
        out.int32(misfitLength);
        onMisfit(i, misfit, row[i] as Cell);
      }
    }
    return fits;
  };
}

/** The encoder of one column under the chosen rules. */
export function columnEncoder(
  table: string,
  { source, type, notNull, tokens }: ColumnMapping,
  rules: ChosenRules,
): ValueEncoder {
  const chosen = new Map<Misfit, RuleName>();
  for (const code of misfitCodes) {
    const rule = ruleFor(rules, table, source, code);
    if (rule) chosen.set(code, rule);
  }
  if (ruleFor(rules, table, source, 'declared_type_differs') === 'as-boolean')
    chosen.set('boolean_word', 'read-boolean-words');
  const hex = ruleFor(rules, table, source, 'text_among_bytes');
  if (hex === 'widen-to-text-hex') chosen.set('blob_in_text', hex);
  const rulesOfColumn = [...chosen.values()];
  const bytesToo = rulesOfColumn.includes('widen-to-text-hex');
  const toText = bytesToo || rulesOfColumn.includes('widen-to-text');
  const asText = toText || chosen.get('class_differs') === 'convert-exact';
  const present = tokens ? tokenEncoder(type, asText) : presentEncoder(type);
  if (!present) throw new TypeError(`no encoder for ${type.typeText}`);
  const encode: ValueEncoder = (cell, out) => {
    if (cell !== null) return present(cell, out);
    if (notNull) return 'null_in_not_null';
    out.int32(-1);
    return null;
  };
  if (!chosen.size) return encode;
  return (cell, out) => encodeByRule(encode, chosen, { toText, bytesToo }, type, cell, out);
}

/** A rule changes only cells that do not fit; a changed cell may meet a second rule (a NUL in a text that is too long). */
function encodeByRule(
  encode: ValueEncoder,
  chosen: Map<Misfit, RuleName>,
  { toText, bytesToo }: { toText: boolean; bytesToo: boolean },
  type: ColumnMapping['type'],
  cell: Cell,
  out: RowBuffer,
): Misfit | null {
  let value = cell;
  const start = out.length;
  for (let round = 0; ; round += 1) {
    const misfit = encode(value, out);
    if (!misfit) return null;
    out.length = start;
    const rule = chosen.get(misfit);
    const wider = toText ? asWidened(value, type, bytesToo) : value;
    const next = wider === value && rule ? applyRule(rule, value, type) : wider;
    if (next === value || round === 3) return misfit;
    value = next;
  }
}
