import { type Cell, RawText } from '@/lib/sources/source';

/**
 * One row as one line: a JSON array of cells in the order of the manifest's columns. JSON itself says NULL, well-formed text and
 * integers of up to 53 bits; everything else is an object with one tag, so that storage class and exact value survive:
 * `int` decimal digits, `real` the shortest digits that give the same double (also -0, Infinity), `blob` and `text` (bytes that are
 * no valid text of the file's encoding) in base64.
 */
export function rowToLine(cells: readonly Cell[]): string {
  let line = '[';
  for (let i = 0; i < cells.length; i += 1) line += (i ? ',' : '') + cellToJson(cells[i] as Cell);
  return `${line}]`;
}

const [least, most] = [BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER)];

function cellToJson(cell: Cell): string {
  if (cell === null) return 'null';
  if (typeof cell === 'string') return JSON.stringify(cell);
  if (typeof cell === 'bigint') return cell >= least && cell <= most ? cell.toString() : `{"int":"${cell}"}`;
  if (typeof cell === 'number') return `{"real":"${Object.is(cell, -0) ? '-0' : String(cell)}"}`;
  if (Buffer.isBuffer(cell)) return `{"blob":"${cell.toString('base64')}"}`;
  return `{"text":"${cell.bytes.toString('base64')}"}`;
}

type Tagged = { int?: string; real?: string; blob?: string; text?: string };

/** @throws SyntaxError where the line is not of this form */
export function lineToRow(line: string): Cell[] {
  const cells = JSON.parse(line) as (null | string | number | Tagged)[];
  if (!Array.isArray(cells)) throw new SyntaxError('the line is no array');
  return cells.map((cell) => {
    if (cell === null || typeof cell === 'string') return cell;
    if (typeof cell === 'number') return BigInt(cell);
    if (cell.int !== undefined) return BigInt(cell.int);
    if (cell.real !== undefined) return Number(cell.real);
    if (cell.blob !== undefined) return Buffer.from(cell.blob, 'base64');
    if (cell.text !== undefined) return new RawText(Buffer.from(cell.text, 'base64'));
    throw new SyntaxError('the line holds a cell without a known tag');
  });
}
