import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { BinaryRowParser } from './binary-rows';

/** Rows of a COPY … TO STDOUT (FORMAT binary), piece by piece. The caller must read to the end, or end the session. */
export async function* targetRows(client: pg.Client, sql: string): AsyncGenerator<Buffer[]> {
  const parser = new BinaryRowParser();
  for await (const piece of client.query(copyTo(sql))) {
    const rows = parser.push(piece as Buffer);
    if (rows.length) yield rows;
  }
  if (!parser.ended) throw new Error('the COPY stream ended before its trailer');
}
