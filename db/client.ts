import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { CutoverError } from '@/lib/errors';
import * as schema from './schema';

/** A pool whose idle clients may lose their server without ending the process. @param max connections at most (Default: 20) */
export function openPool(connectionString: string, options: { name?: string; max?: number } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: options.max ?? 20,
    // Waiting for a free one counts too: on a starved machine a late page is better than none.
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    application_name: options.name ?? 'cutover-console',
  });
  // Without listeners a dying server raises an uncaught exception in every process; the next query reports it anyway.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export const openDb = (pool: pg.Pool) => drizzle(pool, { schema });
export type Db = ReturnType<typeof openDb>;

/** @throws CutoverError control_unreachable when no address is set */
export function controlPlaneUrl(env: NodeJS.ProcessEnv = process.env): string {
  if (!env.DATABASE_URL) {
    throw new CutoverError({
      code: 'control_unreachable',
      message: 'DATABASE_URL is not set, so the console does not know its control plane.',
      advice: 'Start through npm start or npm run demo, or set DATABASE_URL.',
    });
  }
  return env.DATABASE_URL;
}

// On globalThis: a development server evaluates modules again at every edit, and each would open a pool of its own.
const kept = globalThis as typeof globalThis & { cutoverPool?: pg.Pool; cutoverDb?: Db };

export const getPool = (): pg.Pool => (kept.cutoverPool ??= openPool(controlPlaneUrl()));
export const getDb = (): Db => (kept.cutoverDb ??= openDb(getPool()));
