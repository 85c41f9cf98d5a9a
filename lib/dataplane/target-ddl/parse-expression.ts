import { closingOf, commaParts, isMark, isWord, type Token, tokens } from '@/lib/sources/sqlite-tokens';

/** An expression of SQLite that has, or may have, the same meaning in PostgreSQL. */
export type Expression =
  | { is: 'integer' | 'real' | 'text' | 'blob'; value: string }
  | { is: 'null' }
  | { is: 'name'; value: string; quoted: boolean }
  | { is: 'unary'; mark: '-' | '+' | 'not'; of: Expression }
  | { is: 'binary'; mark: string; left: Expression; right: Expression }
  | { is: 'in'; of: Expression; list: Expression[]; not: boolean }
  | { is: 'like'; of: Expression; pattern: Expression; not: boolean }
  | { is: 'between'; of: Expression; low: Expression; high: Expression; not: boolean }
  | { is: 'case'; of: Expression | null; whens: [Expression, Expression][]; otherwise: Expression | null }
  | { is: 'call'; name: string; list: Expression[] }
  | { is: 'collate'; of: Expression; name: string }
  | { is: 'cast'; of: Expression; type: string };

/** Why something of the source cannot be said in PostgreSQL. */
export class NotTheSame extends Error {}

/** @throws NotTheSame for what is outside of the allowed expressions */
export function parseExpression(sql: string): Expression {
  const parser = new Parser(tokens(sql));
  const found = parser.expression(0);
  if (!parser.ended) throw new NotTheSame(`it holds ${parser.here}, which is not translated`);
  return found;
}

/** How tightly an operator binds; as in SQLite. */
const powers: Record<string, number> = {
  or: 1,
  and: 2,
  '=': 4,
  '==': 4,
  '!=': 4,
  '<>': 4,
  is: 4,
  in: 4,
  between: 4,
  isnull: 4,
  notnull: 4,
  not: 4,
  like: 4,
  glob: 4,
  regexp: 4,
  match: 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  '||': 9,
  collate: 10,
};
const notPower = 3;
const signPower = 11;

class Parser {
  private at = 0;
  constructor(private readonly list: readonly Token[]) {}

  get ended(): boolean {
    return this.at >= this.list.length;
  }
  get here(): string {
    return this.list[this.at]?.text ?? 'nothing more';
  }

  private word(...words: string[]): boolean {
    if (!isWord(this.list[this.at], ...words)) return false;
    this.at += 1;
    return true;
  }
  private mark(text: string): boolean {
    if (!isMark(this.list[this.at], text)) return false;
    this.at += 1;
    return true;
  }
  private need(ok: boolean): void {
    if (!ok) throw new NotTheSame(`it cannot be read at ${this.here}`);
  }

  expression(least: number): Expression {
    let left = this.prefix();
    for (;;) {
      const token = this.list[this.at];
      if (!token || (token.kind !== 'mark' && token.kind !== 'word')) return left;
      const operator = token.text.toLowerCase();
      const power = Object.hasOwn(powers, operator) ? (powers[operator] as number) : 0;
      if (power <= least) return left;
      this.at += 1;
      left = this.infix(left, operator, power);
    }
  }

  private prefix(): Expression {
    if (this.word('NOT')) return { is: 'unary', mark: 'not', of: this.expression(notPower) };
    if (this.mark('-')) return { is: 'unary', mark: '-', of: this.expression(signPower) };
    if (this.mark('+')) return { is: 'unary', mark: '+', of: this.expression(signPower) };
    const open = this.at;
    if (this.mark('(')) {
      this.need(!isWord(this.list[this.at], 'SELECT', 'WITH'));
      const inner = this.expression(0);
      this.need(this.at === closingOf(this.list, open));
      this.at += 1;
      return inner;
    }
    if (this.word('CASE')) return this.case();
    if (this.word('CAST')) return this.cast();
    return this.value();
  }

  private value(): Expression {
    const token = this.list[this.at];
    if (!token || token.kind === 'mark') throw new NotTheSame(`it holds ${this.here}, which is not translated`);
    this.at += 1;
    if (token.kind === 'string') return { is: 'text', value: token.text };
    if (token.kind === 'blob') return { is: 'blob', value: token.text };
    if (token.kind === 'number') return number(token.text);
    if (token.kind === 'word' && isMark(this.list[this.at], '(')) return this.call(token.text.toLowerCase());
    if (isWord(token, 'NULL')) return { is: 'null' };
    if (isWord(token, 'TRUE', 'FALSE')) return { is: 'integer', value: isWord(token, 'TRUE') ? '1' : '0' };
    if (isMark(this.list[this.at], '.')) {
      // table.column: inside one table's own expressions only its own name can stand there.
      this.at += 1;
      return this.value();
    }
    return { is: 'name', value: token.text, quoted: token.kind === 'name' };
  }

  private call(name: string): Expression {
    const end = closingOf(this.list, this.at);
    const parts = commaParts(this.list, this.at + 1, end);
    this.at = end + 1;
    if (isWord(this.list[this.at], 'OVER', 'FILTER')) throw new NotTheSame('it holds a window function');
    const list = parts.filter((part) => part.length).map((part) => new Parser(part).whole());
    return { is: 'call', name, list };
  }

  whole(): Expression {
    const found = this.expression(0);
    this.need(this.ended);
    return found;
  }

  private case(): Expression {
    const of = isWord(this.list[this.at], 'WHEN') ? null : this.expression(0);
    const whens: [Expression, Expression][] = [];
    while (this.word('WHEN')) {
      const when = this.expression(0);
      this.need(this.word('THEN'));
      whens.push([when, this.expression(0)]);
    }
    const otherwise = this.word('ELSE') ? this.expression(0) : null;
    this.need(this.word('END'));
    return { is: 'case', of, whens, otherwise };
  }

  private cast(): Expression {
    this.need(this.mark('('));
    const of = this.expression(0);
    this.need(this.word('AS'));
    let type = '';
    while (!this.ended && !isMark(this.list[this.at], ')')) type += `${this.list[this.at++]?.text} `;
    this.need(this.mark(')'));
    return { is: 'cast', of, type: type.trim() };
  }

  private infix(left: Expression, operator: string, power: number): Expression {
    const not = operator === 'not';
    if (not && this.word('NULL')) return isNull(left, true);
    const verb = not ? (this.list[this.at++]?.text.toLowerCase() ?? '') : operator;
    if (verb === 'isnull' || verb === 'notnull') return isNull(left, verb === 'notnull');
    if (verb === 'is') return this.is(left, power);
    if (verb === 'in') return this.in(left, not);
    if (verb === 'between') {
      const low = this.expression(power);
      this.need(this.word('AND'));
      return { is: 'between', of: left, low, high: this.expression(power), not };
    }
    if (verb === 'collate') return { is: 'collate', of: left, name: this.list[this.at++]?.text.toUpperCase() ?? '' };
    if (verb === 'like') {
      const pattern = this.expression(power);
      if (this.word('ESCAPE')) throw new NotTheSame('LIKE with ESCAPE is not translated');
      return { is: 'like', of: left, pattern, not };
    }
    if (['glob', 'regexp', 'match'].includes(verb))
      throw new NotTheSame(`${verb.toUpperCase()} means something else in PostgreSQL`);
    this.need(!not);
    return {
      is: 'binary',
      mark: verb === '==' ? '=' : verb === '!=' ? '<>' : verb,
      left,
      right: this.expression(power),
    };
  }

  private is(left: Expression, power: number): Expression {
    const negated = this.word('NOT');
    const distinct = this.word('DISTINCT');
    if (distinct) this.need(this.word('FROM'));
    const differs = distinct ? !negated : negated;
    return {
      is: 'binary',
      mark: differs ? 'is distinct from' : 'is not distinct from',
      left,
      right: this.expression(power),
    };
  }

  private in(left: Expression, not: boolean): Expression {
    const end = closingOf(this.list, this.at);
    this.need(isMark(this.list[this.at], '(') && !isWord(this.list[this.at + 1], 'SELECT', 'WITH', 'VALUES'));
    const list = commaParts(this.list, this.at + 1, end)
      .filter((part) => part.length)
      .map((part) => new Parser(part).whole());
    this.at = end + 1;
    return { is: 'in', of: left, list, not };
  }
}

const isNull = (of: Expression, not: boolean): Expression => ({
  is: 'binary',
  mark: not ? 'is distinct from' : 'is not distinct from',
  left: of,
  right: { is: 'null' },
});

function number(text: string): Expression {
  const plain = text.replaceAll('_', '');
  const whole = /^(0x[0-9a-f]+|\d+)$/i.test(plain);
  if (!whole) return { is: 'real', value: plain };
  const value = BigInt.asIntN(64, BigInt(plain));
  // Decimal digits beyond 64 bits are a real; hexadecimal ones wrap around.
  if (!/^0x/i.test(plain) && BigInt(plain) > 2n ** 63n - 1n) return { is: 'real', value: plain };
  return { is: 'integer', value: value.toString() };
}
