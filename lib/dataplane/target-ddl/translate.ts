import { quoteIdent, quoteText } from '@/lib/sources/quote';
import { foldAscii } from '@/lib/sources/scope';
import { type Affinity, affinityOf, familyOf } from './column-type';
import type { Family, SeenColumn } from './design-types';
import { type Expression, NotTheSame, parseExpression } from './parse-expression';
import { translateCall } from './translate-call';

/** SQL of PostgreSQL with what it yields. `collation` is that of a text. */
export type Said = { sql: string; family: Family; collation: string; affinity?: Affinity };
export type Scene = {
  /** By name in lower ASCII letters. */
  columns: ReadonlyMap<string, SeenColumn>;
  /** Defaults may read the clock; checks, indexes and generated columns may not. */
  clock: boolean;
};

export const sceneOf = (columns: ReadonlyMap<string, SeenColumn>, clock = false): Scene => ({
  columns: new Map([...columns].map(([name, column]) => [foldAscii(name), column])),
  clock,
});

/** An expression of the allow-list in PostgreSQL's words. @throws NotTheSame when the same meaning is not certain */
export const translate = (sql: string, scene: Scene): Said => say(parseExpression(sql), scene);
/** The same as a condition. */
export const translateCondition = (sql: string, scene: Scene): string => asBool(translate(sql, scene)).sql;

const numbers: readonly Family[] = ['int', 'real', 'numeric'];
export const isNumber = ({ family }: Said): boolean => numbers.includes(family);
export const said = (sql: string, family: Family, collation = 'BINARY'): Said => ({ sql, family, collation });

/** SQLite has no booleans: what compares yields 0 or 1. */
export const asInt = (one: Said): Said => (one.family === 'bool' ? said(`(${one.sql})::integer`, 'int') : one);

export function asBool(one: Said): Said {
  if (one.family === 'bool') return one;
  if (one.family === 'null') return said('null::boolean', 'bool');
  if (isNumber(one)) return said(`(${one.sql} <> 0)`, 'bool');
  throw new NotTheSame('a text or blob stands where a condition is expected');
}

export function say(one: Expression, scene: Scene): Said {
  switch (one.is) {
    case 'null':
      return said('null', 'null');
    case 'integer':
      return said(one.value.startsWith('-') ? `(${one.value})` : one.value, 'int');
    case 'real':
      return said(`${one.value}::double precision`, 'real');
    case 'text':
      if (one.value.includes('\0')) throw new NotTheSame('a text holds a NUL character');
      return said(quoteText(one.value), 'text');
    case 'blob':
      return said(`'\\x${one.value}'::bytea`, 'bytea');
    case 'name':
      return sayName(one, scene);
    case 'unary':
      return sayUnary(one, scene);
    case 'binary':
      return sayBinary(one.mark, one.left, one.right, scene);
    case 'in':
      return sayIn(one, scene);
    case 'like':
      return sayLike(one, scene);
    case 'between':
      return sayBetween(one, scene);
    case 'case':
      return sayCase(one, scene);
    case 'call':
      return translateCall(one.name, one.list, scene);
    case 'collate':
      return sayCollate(one, scene);
    case 'cast':
      return sayCast(one, scene);
  }
}

function sayName({ value, quoted }: Expression & { is: 'name' }, scene: Scene): Said {
  const column = scene.columns.get(foldAscii(value));
  if (column) {
    if (column.generated) throw new NotTheSame(`it reads ${value}, which is generated itself`);
    const family = familyOf(column.type);
    const one = asInt(said(quoteIdent(column.target), family, column.collation));
    return { ...one, affinity: affinityOf(column.declared) };
  }
  if (/^current_(timestamp|date|time)$/i.test(value) && !quoted) return translateCall(value.toLowerCase(), [], scene);
  // A quoted name that is no column is a text to SQLite.
  if (quoted) return said(quoteText(value), 'text');
  throw new NotTheSame(`it reads ${value}, which is no column`);
}

function sayUnary({ mark, of }: Expression & { is: 'unary' }, scene: Scene): Said {
  const one = say(of, scene);
  if (mark === 'not') return said(`(not ${asBool(one).sql})`, 'bool');
  const value = asInt(one);
  if (!isNumber(value)) throw new NotTheSame('a sign stands before something that is no number');
  if (mark === '+') return value;
  // SQLite takes it from zero, so that the minus of 0.0 is 0.0; PostgreSQL would turn the sign.
  return said(value.family === 'real' ? `(0 - ${value.sql})` : `(- ${value.sql})`, value.family);
}

function sayBinary(mark: string, leftSide: Expression, rightSide: Expression, scene: Scene): Said {
  const [left, right] = [say(leftSide, scene), say(rightSide, scene)];
  if (mark === 'and' || mark === 'or') return said(`(${asBool(left).sql} ${mark} ${asBool(right).sql})`, 'bool');
  if (mark === '||') return said(`(${asText(left)} || ${asText(right)})`, 'text');
  if (['+', '-', '*', '/', '%'].includes(mark)) return calculate(mark, asInt(left), asInt(right), rightSide);
  return compare(mark, left, right, leftSide, rightSide);
}

function asText(one: Said): string {
  const value = asInt(one);
  if (value.family === 'text') return value.sql;
  if (value.family === 'int') return `(${value.sql})::text`;
  if (value.family === 'null') return 'null::text';
  throw new NotTheSame('a real or blob is joined to a text, which prints differently');
}

function calculate(mark: string, left: Said, right: Said, rightSide: Expression): Said {
  if (![left, right].every((one) => one.family === 'int' || one.family === 'real'))
    throw new NotTheSame('it calculates with values that are not both integers or reals');
  if (mark === '/' || mark === '%') {
    const fixed = rightSide.is === 'integer' && rightSide.value !== '0' && right.family === 'int';
    // By zero SQLite yields NULL and PostgreSQL fails.
    if (!fixed) throw new NotTheSame('it divides by something that may be zero');
    if (mark === '%' && left.family !== 'int') throw new NotTheSame('it takes the remainder of a real');
  }
  const family = left.family === 'real' || right.family === 'real' ? 'real' : 'int';
  return said(`(${wide(left)} ${mark} ${wide(right)})`, family);
}

/** A bare literal is 32 bits wide in PostgreSQL and 64 in SQLite. */
const wide = ({ sql }: Said): string => (/^\(?-?\d+\)?$/.test(sql) ? `${sql}::bigint` : sql);

/** Literals take the other side's nature, as a column's affinity has it in SQLite. */
function alike(left: Said, right: Said, leftSide: Expression, rightSide: Expression): [Said, Said] {
  const [a, b] = [asInt(left), asInt(right)];
  const digits = rightSide.is === 'text' && /^-?\d{1,18}$/.test(rightSide.value);
  const numeric = a.affinity === 'integer' || a.affinity === 'real' || a.affinity === 'numeric';
  if (a.family === 'text' && a.affinity === 'text' && rightSide.is === 'integer' && leftSide.is === 'name')
    return [a, said(quoteText(rightSide.value), 'text')];
  if (isNumber(a) && numeric && digits && leftSide.is === 'name') return [a, said(rightSide.value, 'int')];
  if (
    a.family === 'text' &&
    numeric &&
    rightSide.is === 'text' &&
    /^[\s\d.+-]/.test(rightSide.value) &&
    !/[^\d.eE\s+-]/.test(rightSide.value)
  )
    throw new NotTheSame(`it compares texts of ${a.affinity} affinity with a text of digits`);
  return [a, b];
}

function compare(mark: string, left: Said, right: Said, leftSide: Expression, rightSide: Expression): Said {
  if (left.family === 'null' || right.family === 'null') return said(`(${left.sql} ${mark} ${right.sql})`, 'bool');
  const [a, b] = alike(left, right, leftSide, rightSide);
  if (isNumber(a) && isNumber(b)) return said(`(${a.sql} ${mark} ${b.sql})`, 'bool');
  if (a.family !== b.family) throw new NotTheSame(`it compares ${a.family} with ${b.family}`);
  if (a.family !== 'text') return said(`(${a.sql} ${mark} ${b.sql})`, 'bool');
  const collation = a.collation !== 'BINARY' ? a.collation : b.collation;
  const [one, other] = [collated(a.sql, collation), collated(b.sql, collation)];
  const ordered = ['<', '<=', '>', '>='].includes(mark) ? ' collate "C"' : '';
  return said(`(${one}${ordered} ${mark} ${other}${ordered})`, 'bool');
}

/** The form in which texts that SQLite holds alike are equal bytes. lower() under "C" folds A–Z only, as NOCASE does.
 *  @throws NotTheSame for a collation of the application's own */
export function collated(sql: string, collation: string): string {
  if (collation === 'BINARY') return sql;
  if (collation === 'NOCASE') return `lower(${sql} collate "C")`;
  if (collation === 'RTRIM') return `rtrim(${sql}, ' ')`;
  throw new NotTheSame(`the collation ${collation} is the application’s own`);
}

function sayIn({ of, list, not }: Expression & { is: 'in' }, scene: Scene): Said {
  if (!list.length) throw new NotTheSame('an empty list is no SQL of PostgreSQL');
  const terms = list.map((member) => sayBinary('=', of, member, scene).sql);
  return said(`(${not ? 'not ' : ''}(${terms.join(' or ')}))`, 'bool');
}

/** SQLite's LIKE folds A–Z, whatever the column's collation is, and knows no escape character of its own. */
function sayLike({ of, pattern, not }: Expression & { is: 'like' }, scene: Scene): Said {
  const one = say(of, scene);
  if (one.family !== 'text' || pattern.is !== 'text' || pattern.value.includes('\0'))
    throw new NotTheSame('LIKE is translated for a text with a fixed pattern only');
  const folded = quoteText(pattern.value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  return said(`(lower(${one.sql} collate "C") ${not ? 'not ' : ''}like ${folded} escape '')`, 'bool');
}

function sayBetween({ of, low, high, not }: Expression & { is: 'between' }, scene: Scene): Said {
  const both = `(${sayBinary('>=', of, low, scene).sql} and ${sayBinary('<=', of, high, scene).sql})`;
  return said(not ? `(not ${both})` : both, 'bool');
}

function sayCase({ of, whens, otherwise }: Expression & { is: 'case' }, scene: Scene): Said {
  const results = [...whens.map(([, then]) => then), ...(otherwise ? [otherwise] : [])].map((one) =>
    asInt(say(one, scene)),
  );
  const families = new Set(results.map(({ family }) => family).filter((family) => family !== 'null'));
  if (families.size !== 1) throw new NotTheSame('the branches of a CASE are of several types');
  const branches = whens.map(([when], i) => {
    const test = of ? sayBinary('=', of, when, scene).sql : asBool(say(when, scene)).sql;
    return `when ${test} then ${results[i]?.sql}`;
  });
  const tail = otherwise ? ` else ${results.at(-1)?.sql}` : '';
  return said(`(case ${branches.join(' ')}${tail} end)`, [...families][0] as Family);
}

function sayCollate({ of, name }: Expression & { is: 'collate' }, scene: Scene): Said {
  const one = say(of, scene);
  collated(one.sql, name);
  return { ...one, collation: name };
}

function sayCast({ of, type }: Expression & { is: 'cast' }, scene: Scene): Said {
  const one = asInt(say(of, scene));
  const affinity = affinityOf(type);
  if (affinity === 'text' && (one.family === 'int' || one.family === 'text')) return said(asText(one), 'text');
  if (affinity === 'integer' && one.family === 'int') return one;
  if (affinity === 'real' && (one.family === 'int' || one.family === 'real'))
    return said(`(${one.sql})::double precision`, 'real');
  throw new NotTheSame(`a cast to ${type} differs in PostgreSQL`);
}
