import { readFileSync } from 'node:fs';
import { parseEnv } from '../../lib/services/env-file';
import { compareIndependently, runPsql, type Comparison } from './compare-independently';
import { home } from './people';

/** The demo fleet's own DSN of the target, as the worker has it. */
export const targetDsn = (): string => parseEnv(readFileSync(`${home()}/secrets.env`, 'utf8')).SX_POSTGRES_DSN ?? '';

/** Every row of a profile on both sides, by the `sqlite3` and `psql` programs. */
export const compareProfile = (sourceId: string, file: string): Comparison[] =>
  compareIndependently({
    sqlitePath: `${home()}/fleet/data/${file}`,
    sourceId,
    dsn: targetDsn(),
    schema: `sx_${sourceId.replace(/[.-]/g, '_')}`,
  });

/** One value of the target, by `psql`. */
export const queryTarget = (sql: string): string => runPsql(targetDsn(), sql).trim();
