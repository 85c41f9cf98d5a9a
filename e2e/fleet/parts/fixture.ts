import { execa } from 'execa';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { testDatabase } from '@/lib/testing/databases';

/** A service as a process of its own with this environment and no other; answers when it listens. */
export async function spawnService(script: string, env: Record<string, string | undefined>) {
  const child = execa(process.execPath, [script], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
    extendEnv: false,
    reject: false,
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (part: Buffer) => resolve(part.toString()));
    child.then((ended) => reject(new Error(`it ended: ${ended.stderr}`)), reject);
  });
  return { child, url: `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}` };
}

/** Rows of the last of these statements, asked directly. */
export async function askPostgres<T extends pg.QueryResultRow>(dsn: string, ...statements: string[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) rows = (await client.query<T>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** What a fresh database holds after some DDL, as the lines of `shape`. */
export async function shapeAfter(statements: string[], shape: string): Promise<string[]> {
  const { dsn } = await testDatabase('contract');
  return (await askPostgres<{ line: string }>(dsn, ...statements, shape)).map(({ line }) => line);
}
