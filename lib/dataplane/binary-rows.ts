/** The fields of a row, null for NULL. */
export function rowFields(row: Buffer): (Buffer | null)[] {
  const count = row.readInt16BE(0);
  const fields: (Buffer | null)[] = [];
  let at = 2;
  for (let i = 0; i < count; i += 1) {
    const size = row.readInt32BE(at);
    at += 4;
    fields.push(size < 0 ? null : row.subarray(at, at + size));
    at += Math.max(0, size);
  }
  return fields;
}

export const binaryHeader = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
export const binaryTrailer = Buffer.from([0xff, 0xff]);
