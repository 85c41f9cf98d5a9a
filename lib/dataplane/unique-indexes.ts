import { quoteIdent, quoteText } from '@/lib/sources/quote';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { closingOf, commaParts, isMark, isWord, textOf, type Token, tokens } from '@/lib/sources/sqlite-tokens';
import { alikeFindings } from './alike-rows';
import type { Finding, TableMapping, TargetTable } from './types';

/** A unique index of the target with a condition or with expressions, in terms of the source. */
type Readable = { terms: string[]; where: string[]; text: string };

/** Rows that a partial unique index, or one over expressions, of the target would refuse. Others of the kind are met by the load. */
export const uniqueIndexFindings = (file: SqliteFile, mapping: TableMapping, goal: TargetTable): Finding[] =>
  goal.indexes.flatMap(({ name, definition }) => {
    if (goal.uniqueKeys.some((key) => key.name === name)) return [];
    const index = readIndex(definition, mapping);
    if (!index) return [];
    return alikeFindings(file, mapping, {
      name,
      shown: index.terms,
      terms: index.terms,
      where: index.where,
      message: `${mapping.source} holds rows that are alike under the target’s unique index ${name} ${index.text}. The source never had such an index: its owner must say which of them is right, there.`,
    });
  });

/** CREATE UNIQUE INDEX … USING btree (terms) [WHERE (condition)], as the server prints it; null where SQLite cannot say the same. */
function readIndex(definition: string, mapping: TableMapping): Readable | null {
  const list = tokens(definition);
  const using = list.findIndex((token) => isWord(token, 'USING'));
  if (!isWord(list[1], 'UNIQUE') || using < 0 || !isWord(list[using + 1], 'BTREE')) return null;
  const close = closingOf(list, using + 2);
  const rest = list.slice(close + 1);
  if (rest.length && !isWord(rest[0], 'WHERE')) return null;
  const terms = commaParts(list, using + 3, close).map((term) => readTerm(term, mapping));
  const where = conjunction(rest.slice(1)).map((one) => readCondition(one, mapping));
  if (terms.includes(null) || where.includes(null)) return null;
  return { terms: terms as string[], where: where as string[], text: textOf(definition, list.slice(using + 2)) };
}

function columnOf(token: Token | undefined, mapping: TableMapping): string | null {
  if (token?.kind !== 'word' && token?.kind !== 'name') return null;
  const column = mapping.columns.find(({ target }) => target === token.text);
  return column ? quoteIdent(column.source) : null;
}

/** A column, or COALESCE(column, 'literal'::type). */
function readTerm(term: readonly Token[], mapping: TableMapping): string | null {
  if (term.length === 1) return columnOf(term[0], mapping);
  if (!isWord(term[0], 'COALESCE') || closingOf(term, 1) !== term.length - 1) return null;
  const [of = [], otherwise = [], ...more] = commaParts(term, 2, term.length - 1);
  const column = of.length === 1 ? columnOf(of[0], mapping) : null;
  const cast = otherwise.slice(1);
  const isCast =
    !cast.length ||
    (isMark(cast[0], ':') && isMark(cast[1], ':') && cast.slice(2).every(({ kind }) => kind === 'word'));
  if (!column || more.length || otherwise[0]?.kind !== 'string' || !isCast) return null;
  return `coalesce(${column}, ${quoteText(otherwise[0].text)})`;
}

/** The parts of (a) AND (b), without the brackets around them. */
function conjunction(list: readonly Token[]): Token[][] {
  if (!list.length) return [];
  if (isMark(list[0], '(') && closingOf(list, 0) === list.length - 1) return conjunction(list.slice(1, -1));
  const parts: Token[][] = [[]];
  for (let at = 0; at < list.length; at += 1) {
    const end = isMark(list[at], '(') ? closingOf(list, at) : at;
    if (isWord(list[at], 'AND')) parts.push([]);
    else parts.at(-1)?.push(...list.slice(at, end + 1));
    at = end;
  }
  return parts.length > 1 ? parts.flatMap(conjunction) : parts;
}

/** "column IS NOT NULL". */
function readCondition(list: readonly Token[], mapping: TableMapping): string | null {
  const [name, ...words] = list;
  const column = columnOf(name, mapping);
  const isPresent = words.length === 3 && ['IS', 'NOT', 'NULL'].every((word, i) => isWord(words[i], word));
  return column && isPresent ? `${column} is not null` : null;
}
