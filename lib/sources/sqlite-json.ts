import Database from 'better-sqlite3';

let toText: Database.Statement<[Buffer, Buffer], { json: string | null }> | null = null;

/** The JSON text of SQLite's binary JSONB as SQLite's own json() gives it, or null where the bytes are no well-formed JSONB. */
export function jsonTextOfBlob(blob: Buffer): string | null {
  // Flag 8 asks for a full check: a few bytes of anything can look like JSONB at first sight.
  toText ??= new Database(':memory:').prepare('select case when json_valid(?, 8) then json(?) end as json');
  return toText.get(blob, blob)?.json ?? null;
}
