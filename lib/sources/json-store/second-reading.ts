/*
 * A second reading of a record, by JavaScript’s own parser: numbers are marked first, so that it cannot round them, and every
 * byte is one character, so that no damage is mended. Nothing here is shared with the reader it judges.
 */

type Marked = null | boolean | string | Marked[] | { [key: string]: Marked };
type Staged = {
  column: string;
  from: { by: string; key?: string; pointer?: string; json?: boolean };
  /** Kind of the column; `raw`: the cell holds exact JSON text. */
  kind: string;
  storage: string;
  cell: unknown;
};

const mark = '\u0001';

/** JSON with every number as a marked string, and escapes beyond ASCII as the bytes they stand for. */
function parse(text: string): Marked {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs, (token) =>
    token[0] === '"'
      ? token.replace(/\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)/gs, bytesOfEscape)
      : `"\\u0001${token}"`,
  );
  return JSON.parse(marked) as Marked;
}

function bytesOfEscape(written: string): string {
  if (written[1] !== 'u') return written;
  const units = written
    .split('\\u')
    .slice(1)
    .map((hex) => Number.parseInt(hex, 16));
  if (units.length === 1 && (units[0] as number) < 0x80) return written;
  if (units.length === 1 && (units[0] as number) >= 0xd800 && (units[0] as number) < 0xe000) {
    const unit = units[0] as number;
    return String.fromCharCode(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Buffer.from(String.fromCharCode(...units)).toString('latin1');
}

/** The same for every order of keys; numbers as they are written. */
function canonical(value: Marked): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

const own = (value: Marked | undefined, key: string): Marked | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, key)
    ? value[key]
    : undefined;

const keyBytes = (key: string): string => Buffer.from(key).toString('latin1');

export function readAside(raw: Buffer): { compare(cells: readonly Staged[]): string | null } {
  const record = parse(raw.toString('latin1'));
  return {
    compare: (cells) => {
      const read = new Set<string>();
      for (const staged of cells) {
        const { by, key, pointer } = staged.from;
        if (by === 'name' || by === 'position') continue;
        let value: Marked | undefined = record;
        if (by === 'whole')
          value = record !== null && typeof record === 'object' && !Array.isArray(record) ? null : record;
        if (by === 'key') value = own(record, keyBytes(key ?? ''));
        if (by === 'key') read.add(keyBytes(key ?? ''));
        if (by === 'pointer')
          for (const part of (pointer ?? '').split('/').slice(1))
            value = own(value, keyBytes(part.replaceAll('~1', '/').replaceAll('~0', '~')));
        const wrong = compareCell(value ?? null, staged);
        if (wrong) return wrong;
      }
      const byKey = cells.some(({ from }) => from.by === 'key');
      const left =
        byKey && record !== null && typeof record === 'object' && !Array.isArray(record)
          ? Object.keys(record).find((key) => !read.has(key))
          : undefined;
      return left === undefined ? null : `key ${JSON.stringify(left)} is in no column`;
    },
  };
}

function compareCell(value: Marked, { column, kind, storage, cell, from }: Staged): string | null {
  const wanted = value === null ? 'null' : canonical(value);
  const found = foundIn(value, kind, storage, cell, from.json === true);
  return found === wanted
    ? null
    : `${column} is ${shorten(wanted)} in the file and ${shorten(found)} in the staging file`;
}

/** The cell as canonical JSON, by what its column is. */
function foundIn(value: Marked, kind: string, storage: string, cell: unknown, asJson: boolean): string {
  if (storage === 'null') return 'null';
  if (storage === 'integer') {
    if (kind === 'boolean') return cell === 1n ? 'true' : cell === 0n ? 'false' : `${cell}`;
    return JSON.stringify(mark + String(cell));
  }
  if (storage !== 'text') return `a ${storage}`;
  const text = (cell as Buffer).toString('latin1');
  if (kind === 'text') return JSON.stringify(text);
  if (kind === 'number') return JSON.stringify(mark + text);
  if (kind === 'nested' || kind === 'raw' || asJson) {
    try {
      return canonical(parse(text));
    } catch {
      return `no JSON: ${text}`;
    }
  }
  return `unexpected ${kind}: ${typeof value}`;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text).replaceAll('\\u0001', '');
