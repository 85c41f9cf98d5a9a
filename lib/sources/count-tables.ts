import { type FileHandle, open } from 'node:fs/promises';

const pagesAtMost = 2_000;
const leaf = 0x0d;
const interior = 0x05;

/**
 * How many tables a SQLite file holds, without opening it as a database: the pages of its schema table are read as bytes,
 * so that a web request neither blocks nor takes a lock. What only the WAL holds is not counted.
 * @returns null when the file cannot be read so
 * @see https://www.sqlite.org/fileformat2.html (b-tree pages, record format)
 */
export async function countTables(file: string): Promise<number | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return null;
  try {
    return await countFrom(handle);
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

async function countFrom(handle: FileHandle): Promise<number | null> {
  const head = await readAt(handle, 0, 100);
  const stored = head.readUInt16BE(16);
  const pageBytes = stored === 1 ? 65_536 : stored;
  const wide = head.readUInt32BE(56) !== 1;
  const waiting = [1];
  const seen = new Set<number>();
  let tables = 0;
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (seen.has(number) || seen.size >= pagesAtMost) return null;
    seen.add(number);
    const page = await readAt(handle, (number - 1) * pageBytes, pageBytes);
    const at = number === 1 ? 100 : 0;
    const type = page[at];
    if (type !== leaf && type !== interior) return null;
    const cells = page.readUInt16BE(at + 3);
    const pointers = at + (type === interior ? 12 : 8);
    if (type === interior) waiting.push(page.readUInt32BE(at + 8));
    for (let cell = 0; cell < cells; cell += 1) {
      const start = page.readUInt16BE(pointers + cell * 2);
      if (type === interior) waiting.push(page.readUInt32BE(start));
      else if (isTable(page, start, wide)) tables += 1;
    }
  }
  return tables;
}

async function readAt(handle: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, position);
  if (bytesRead < bytes) throw new RangeError('the file is shorter than its header says');
  return buffer;
}

/** A row of the schema table: type and name are its first two columns. SQLite's own tables are not counted. */
function isTable(page: Buffer, start: number, wide: boolean): boolean {
  const payload = varint(page, start);
  const rowId = varint(page, payload.next);
  const header = varint(page, rowId.next);
  const type = varint(page, header.next);
  const name = varint(page, type.next);
  const body = rowId.next + header.value;
  const typeBytes = (type.value - 13) / 2;
  const nameBytes = (name.value - 13) / 2;
  const text = (from: number, bytes: number): string => {
    const raw = page.subarray(from, from + bytes);
    // UTF-16 of these names is ASCII with a zero byte beside each letter, in either order.
    return raw.toString('latin1').replaceAll('\0', '');
  };
  return (
    text(body, typeBytes) === 'table' &&
    !text(body + typeBytes, Math.min(nameBytes, wide ? 14 : 7)).startsWith('sqlite_')
  );
}

function varint(page: Buffer, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start; at < start + 8; at += 1) {
    const byte = page[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + 1 };
  }
  return { value: value * 256 + (page[start + 8] ?? 0), next: start + 9 };
}
