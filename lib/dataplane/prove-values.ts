import type pg from 'pg';
import { type SqliteFile, withSqliteAsync } from '@/lib/sources/sqlite-file';
import { computedFindings } from './computed-findings';
import { expressionFindings } from './expression-findings';
import { type ProfileInput, profileOpenFile } from './profile-values';
import { trySizes } from './size-trial';
import { mappedTables } from './source-readers';
import type { Finding } from './types';

type OpenInput = Parameters<typeof profileOpenFile>[1];

/** All that can be known of the values before anything is made: each tried with the encoder that will copy it, and by the server itself
 *  where it has the last word: what it computes, what checks and indexes calculate, and how long a row or an index entry becomes. */
export const proveValues = (client: pg.Client, input: ProfileInput): Promise<Finding[]> =>
  withSqliteAsync(input.source, (file) => proveOpenFile(client, file, input));

/** The same inside a read transaction that is already open. `keysOnly`: values are left to the encoder’s own refusal. */
export async function proveOpenFile(client: pg.Client, file: SqliteFile, input: OpenInput): Promise<Finding[]> {
  const { plan, target, signal, keysOnly } = input;
  const findings = await profileOpenFile(file, input);
  if (keysOnly) return findings;
  const sized = findings.filter(({ code }) => code === 'row_too_wide' || code === 'index_row_too_large');
  const proven = findings.filter((one) => !sized.includes(one));
  for (const one of mappedTables(file, sized.length ? plan.tables : [])) {
    const own = sized.filter(({ table }) => table === one.mapping.source);
    proven.push(...(await trySizes(client, own, { file, one, target, signal })));
  }
  const asked = { plan, target, signal, rules: input.rules ?? [] };
  return [
    ...proven,
    ...(await computedFindings(client, file, asked)),
    ...(await expressionFindings(client, file, asked)),
  ];
}
