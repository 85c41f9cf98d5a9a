import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

export type ControlServer = {
  version: string;
  versionNumber: number;
  database: string;
  bytes: string;
  schemaLevel: number;
};

/** The control plane's own server. */
export async function readServer(db: Reader): Promise<ControlServer> {
  const found = await db.execute<{
    version: string;
    number: string;
    database: string;
    bytes: string;
    level: number | null;
  }>(sql`
    select current_setting('server_version') as version, current_setting('server_version_num') as number, current_database() as database,
      pg_database_size(current_database())::text as bytes, (select schema_level from control limit 1) as level`);
  const row = found.rows[0];
  return {
    version: row?.version ?? '',
    versionNumber: Number(row?.number ?? 0),
    database: row?.database ?? '',
    bytes: row?.bytes ?? '0',
    schemaLevel: row?.level ?? 0,
  };
}
