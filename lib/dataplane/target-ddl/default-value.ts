import { quoteText } from '@/lib/sources/quote';
import type { SourceColumn } from '@/lib/sources/source';
import type { TargetColumn } from '@/lib/dataplane/types';
import { applyRule, realText } from '@/lib/dataplane/apply-rule';
import { booleanWord } from '@/lib/dataplane/encode-value';
import { type Affinity, affinityOf, familyOf } from './column-type';
import { type Expression, NotTheSame, parseExpression } from './parse-expression';
import { said, type Said, say } from './translate';

/** A column's default in PostgreSQL's words; null for none. @throws NotTheSame when it would put in another value than SQLite does */
export function translateDefault(column: SourceColumn, target: TargetColumn, wordsToo = false): string | null {
  if (column.defaultSql === null) return null;
  const expression = bareWord(parseExpression(column.defaultSql));
  if (expression.is === 'null') return null;
  // By the rule that reads the words of the column itself.
  if (wordsToo && expression.is === 'text' && booleanWord.test(expression.value))
    return String(applyRule('read-boolean-words', expression.value, target) === 1n);
  const literal = literalOf(expression);
  const family = familyOf(target.type);
  if (literal) {
    const fitted = fitLiteral(literal, family, column.declared);
    if (fitted === null) throw new NotTheSame(`its value does not fit ${target.typeText}`);
    return fitted;
  }
  const value = say(expression, { columns: new Map(), clock: true });
  return fitValue(value, family, column.declared, target.typeText);
}

/** `default abc` and `default "abc"` are texts to SQLite. */
const bareWord = (one: Expression): Expression =>
  one.is === 'name' && !/^current_(timestamp|date|time)$/i.test(one.value) ? { is: 'text', value: one.value } : one;

type Literal = { is: 'integer' | 'real' | 'text' | 'blob'; value: string };
function literalOf(one: Expression): Literal | null {
  if (one.is === 'unary' && one.mark !== 'not') {
    const inner = literalOf(one.of);
    if (!inner || (inner.is !== 'integer' && inner.is !== 'real')) return null;
    return one.mark === '+' ? inner : { ...inner, value: inner.value === '0' ? '0' : `-${inner.value}` };
  }
  return one.is === 'integer' || one.is === 'real' || one.is === 'text' || one.is === 'blob' ? one : null;
}

const numberShape = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The literal as the column would hold it: first the affinity of the declared type, then the target's type. */
function fitLiteral({ is, value }: Literal, family: string, declared: string): string | null {
  const affinity = affinityOf(declared);
  if (value.includes('\0')) return null;
  if (family === 'bytea') {
    if (is === 'blob') return `'\\x${value}'::bytea`;
    return is === 'text' ? `'\\x${Buffer.from(value).toString('hex')}'::bytea` : null;
  }
  if (is === 'blob') return null;
  const numeric = is !== 'text' || (affinity !== 'text' && affinity !== 'blob' && numberShape.test(value.trim()));
  if (family === 'text') {
    if (!numeric) return quoteText(value);
    const held = numberAsText(value.trim(), is, affinity);
    return held === null ? null : quoteText(held);
  }
  if (!numeric) return null;
  return fitNumber(value.trim(), family);
}

/** A number in a column that became text, as the import writes the numbers of that column. */
function numberAsText(value: string, is: Literal['is'], affinity: Affinity): string | null {
  if (affinity === 'text') return is === 'integer' ? value : null;
  const number = Number(value);
  if (!Number.isFinite(number)) return null;
  const stays = affinity === 'real' || (affinity === 'blob' && is === 'real');
  if (stays || !Number.isInteger(number)) return realText(number);
  return Number.isSafeInteger(number) ? String(number) : null;
}

function fitNumber(value: string, family: string): string | null {
  const whole = Number.isInteger(Number(value)) && Number.isSafeInteger(Number(value));
  const digits = /^-?\d+$/.test(value) ? value : whole ? String(Number(value)) : null;
  if (family === 'bool') return digits === '1' ? 'true' : digits === '0' ? 'false' : null;
  if (family === 'int') return digits;
  if (family === 'time') return null;
  return Number.isFinite(Number(value)) ? value : null;
}

function fitValue(value: Said, family: string, declared: string, typeText: string): string {
  const affinity = affinityOf(declared);
  if (value.family === family && !(family === 'text' && affinity === 'integer')) return value.sql;
  // The clock's text, which is UTC.
  if (value.family === 'text' && typeText === 'timestamp without time zone') return `(${value.sql})::timestamp`;
  // SQLite turns the digits of strftime('%s') into an integer where the column is one.
  if (value.family === 'text' && family === 'int' && value.sql.endsWith('::bigint)::text'))
    return said(value.sql.slice(0, -'::text'.length), 'int').sql;
  if (value.family === 'int' && (family === 'numeric' || family === 'real')) return value.sql;
  if (value.family === 'int' && family === 'text' && affinity === 'text') return `(${value.sql})::text`;
  throw new NotTheSame(`its value does not fit ${typeText}`);
}
