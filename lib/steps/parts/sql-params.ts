import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CutoverError } from '@/lib/errors';

export const sqlParams = z
  .strictObject({
    /** The SQL itself; names without a schema are those of the profile's own. */
    sql: z.string().min(1).optional(),
    /** Or the name of a file of the runbooks' contracts folder, without .sql. */
    file: z.string().min(1).optional(),
    /** What the SQL is called in messages. (Default: the name of the file) */
    named: z.string().min(1).optional(),
  })
  .refine(({ sql, file }) => (sql === undefined) !== (file === undefined), 'either sql or file is needed');
export type SqlParams = z.infer<typeof sqlParams>;

/** The SQL of an apply-sql step, and its name. @throws CutoverError runbook_invalid */
export function readSqlParams(params: unknown): { text: string; name: string } {
  const { sql, file, named } = sqlParams.parse(params);
  const name = named ?? (file ? `${file}.sql` : 'SQL');
  if (sql !== undefined) return { text: sql, name };
  const found = path.resolve(
    process.env.CUTOVER_RUNBOOKS ?? 'lib/runbooks',
    'contracts',
    `${path.basename(file ?? '')}.sql`,
  );
  try {
    return { text: readFileSync(found, 'utf8'), name };
  } catch (cause) {
    throw new CutoverError(
      {
        code: 'runbook_invalid',
        message: `The SQL ${file} of the runbook is not at ${found}.`,
        advice: 'Put the file there, or correct its name in the runbook.',
      },
      { cause },
    );
  }
}
