import type pg from 'pg';
import { quoteIdent } from '@/lib/sources/quote';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { isWord, tokens } from '@/lib/sources/sqlite-tokens';
import { copyRows } from './copy-in';
import { encodeFitting, fittingEncoders } from './encode-fitting';
import { targetTableOf } from './may-alter';
import { rolledBack } from './rolled-back';
import { RowBuffer } from './row-buffer';
import { indexOctetsSql, mostEntryBytes } from './size-findings';
import { breathe, type MappedTable, mappedReader } from './source-readers';
import { sqlState } from './target-errors';
import type { Finding, TargetSchema } from './types';
import { mostPageBytes, pageBytesSql } from './wide-rows';

/** Beyond that what the first rows say must do. */
const mostTried = 20_000;
const programLimit = '54000';

type Asked = { file: SqliteFile; one: MappedTable; target: TargetSchema; signal: AbortSignal };

/**
 * Rows and index entries that are too long by reckoning, tried for real: on a temporary table of the same columns, which is rolled back.
 * The server compresses and pads, so what is reckoned may fit; then there is nothing to decide. What does not fit is no rule’s to accept.
 */
export async function trySizes(client: pg.Client, findings: readonly Finding[], asked: Asked): Promise<Finding[]> {
  const kept: Finding[] = [];
  for (const found of findings) {
    const said = await tryOne(client, found, asked);
    if (said === 'fits') continue;
    kept.push(said === 'unknown' ? found : { ...found, rules: found.rules.filter(({ name }) => name !== 'accept') });
  }
  return kept;
}

async function tryOne(client: pg.Client, { code, column }: Finding, { file, one, target, signal }: Asked) {
  const { mapping, table } = one;
  const goal = targetTableOf(mapping, target);
  const index = goal?.indexes.find(({ name }) => name === column);
  const wide = code === 'row_too_wide' ? pageBytesSql(mapping.columns) : null;
  const long = code === 'index_row_too_large' && index ? indexOctetsSql(mapping, index) : null;
  const size = wide ? `${wide} > ${mostPageBytes}` : long ? `${long} > ${mostEntryBytes}` : null;
  if (size === null) return 'unknown';
  const keep = [...mapping.keep, { sql: size, because: 'it may not fit' }];
  const reader = mappedReader(file, { mapping: { ...mapping, keep }, table });
  const encoders = fittingEncoders(mapping.source, mapping.columns);
  const out = new RowBuffer();
  let tried = 0;
  try {
    await rolledBack(client, async () => {
      const columns = mapping.columns.map(({ target: name, type }) => `${quoteIdent(name)} ${type.typeText}`);
      await client.query(`create temporary table cutover_sizes (${columns.join(', ')}) on commit drop`);
      if (index && long) await client.query(`create index on pg_temp.cutover_sizes ${termsOf(index.definition)}`);
      for (let page = reader.read(null); page && tried < mostTried; page = reader.read(page.lastKey)) {
        out.clear();
        for (const row of page.rows) encodeFitting(row, encoders, out);
        await copyRows(client, 'copy pg_temp.cutover_sizes from stdin with (format binary)', [out.view()]);
        tried += page.rows.length;
        await breathe();
        signal.throwIfAborted();
      }
    });
  } catch (thrown) {
    if (sqlState(thrown) === programLimit) return 'too long';
    throw thrown;
  }
  return tried < mostTried ? 'fits' : 'unknown';
}

/** "USING btree (…) WHERE …" of an index, as the server prints it. */
function termsOf(definition: string): string {
  const using = tokens(definition).find((token) => isWord(token, 'USING'));
  return using ? definition.slice(using.start) : '';
}
