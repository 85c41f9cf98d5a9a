/** A token of SQLite's SQL. `text` of a name or string is its value; of anything else what is written. */
export type Token = {
  kind: 'word' | 'name' | 'string' | 'blob' | 'number' | 'mark';
  text: string;
  /** Offsets in the source text. */
  start: number;
  end: number;
};

const closing: Record<string, string> = { '"': '"', '`': '`', '[': ']', "'": "'" };
const shapes = [
  { kind: 'blob', shape: /[xX]'([0-9a-fA-F]*)'/y },
  { kind: 'number', shape: /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/y },
  { kind: 'word', shape: /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y },
  { kind: 'mark', shape: /\|\||->>|->|<<|>>|<=|>=|<>|==|!=|[-+*/%&|~<>=(),.;?:@#!]/y },
] as const;
const gap = /(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))+/y;

/** Splits SQL into tokens; spaces and comments go. A character that starts no token becomes a mark of its own. */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    gap.lastIndex = at;
    const space = gap.exec(sql);
    if (space) {
      at += space[0].length;
      continue;
    }
    const token = quoted(sql, at) ?? shaped(sql, at);
    found.push(token);
    at = token.end;
  }
  return found;
}

function shaped(sql: string, start: number): Token {
  for (const { kind, shape } of shapes) {
    shape.lastIndex = start;
    const match = shape.exec(sql);
    if (match)
      return { kind, text: kind === 'blob' ? (match[1] ?? '') : match[0], start, end: start + match[0].length };
  }
  return { kind: 'mark', text: sql[start] as string, start, end: start + 1 };
}

/** "name", `name`, [name] or 'string'; a doubled quote stands for one, except in brackets. */
function quoted(sql: string, start: number): Token | null {
  const end = closing[sql[start] as string];
  if (!end) return null;
  let text = '';
  let at = start + 1;
  for (; at < sql.length; at += 1) {
    if (sql[at] !== end) text += sql[at];
    else if (end !== ']' && sql[at + 1] === end) {
      text += end;
      at += 1;
    } else break;
  }
  return { kind: end === "'" ? 'string' : 'name', text, start, end: Math.min(at + 1, sql.length) };
}

/** A keyword: an unquoted word, whatever its case. */
export const isWord = (token: Token | undefined, ...words: string[]): boolean =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase());
export const isMark = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'mark' && token.text === text;

/** Index of the parenthesis that closes the one at `open`; the last token when it is never closed. */
export function closingOf(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < list.length; at += 1) {
    if (isMark(list[at], '(')) depth += 1;
    else if (isMark(list[at], ')') && --depth === 0) return at;
  }
  return list.length - 1;
}

/** Parts between commas outside of parentheses, from `from` up to (not with) `to`. */
export function commaParts(list: readonly Token[], from: number, to: number): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of list.slice(from, to)) {
    if (isMark(token, '(')) depth += 1;
    if (isMark(token, ')')) depth -= 1;
    if (depth === 0 && isMark(token, ',')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** The text that tokens cover in their SQL. */
export const textOf = (sql: string, part: readonly Token[]): string =>
  part.length ? sql.slice(part[0]?.start, part.at(-1)?.end) : '';
