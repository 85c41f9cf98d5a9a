import { piecesOf } from '@/lib/fleet/sql-text';
import { type Names, substitute } from './substitute';

/**
 * The statement with a place for each `${name}` and the values in their order: a value never becomes part of the text.
 * @param on target: places are $1, $2 … after those of `params`; source: each is a ?, in turn with those of `params`
 */
export function bindSql(
  on: 'target' | 'source',
  sql: string,
  params: readonly unknown[],
  names: Names,
): { text: string; values: unknown[] } {
  const own = substitute([...params], names);
  const values: unknown[] = on === 'target' ? [...own] : [];
  let next = 0;
  const text = piecesOf(sql).map((piece) => {
    if (piece.kind === 'text' || (piece.kind === 'mark' && on === 'target')) return piece.text;
    values.push(piece.kind === 'name' ? substitute(`\${${piece.text}}`, names) : own[next++]);
    return on === 'target' ? `$${values.length}` : '?';
  });
  return { text: text.join(''), values };
}
