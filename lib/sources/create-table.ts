import { closingOf, commaParts, isMark, isWord, textOf, type Token, tokens } from './sqlite-tokens';

/** What a CREATE TABLE says and no pragma does. Names are as written. */
export type CreateTable = {
  columns: { name: string; collation: string | null; generatedSql: string | null }[];
  checks: { name: string | null; sql: string }[];
  /** In the order written: pragma foreign_key_list counts them from the last. */
  foreignKeys: { name: string | null; deferred: boolean }[];
  autoincrement: boolean;
};

const tableWords = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'];

/** Reads the text that SQLite keeps of a table. Whatever it does not know is passed over: names, types and keys come from the pragmas. */
export function readCreateTable(sql: string): CreateTable {
  const list = tokens(sql);
  const open = list.findIndex((token) => isMark(token, '('));
  const read: CreateTable = { columns: [], checks: [], foreignKeys: [], autoincrement: false };
  if (open < 0) return read;
  for (const part of commaParts(list, open + 1, closingOf(list, open))) {
    const [first] = part;
    if (!first) continue;
    if (isWord(first, ...tableWords)) readConstraints(sql, part, 0, null, read);
    else {
      const column = { name: first.text, collation: null, generatedSql: null };
      read.columns.push(column);
      readConstraints(sql, part, 1, column, read);
    }
  }
  return read;
}

/** Constraints one after another; SQLite also takes those of a table without commas between them. */
function readConstraints(
  sql: string,
  part: readonly Token[],
  from: number,
  column: CreateTable['columns'][number] | null,
  read: CreateTable,
): void {
  let name: string | null = null;
  for (let at = from; at < part.length; at += 1) {
    const token = part[at];
    const next = part[at + 1];
    if (isWord(token, 'CONSTRAINT') && next) {
      name = next.text;
      at += 1;
    } else if (isWord(token, 'CHECK') && isMark(next, '(')) {
      const end = closingOf(part, at + 1);
      read.checks.push({ name, sql: textOf(sql, part.slice(at + 2, end)) });
      name = null;
      at = end;
    } else if (isWord(token, 'COLLATE') && column && next) {
      column.collation = next.text;
      at += 1;
    } else if (isWord(token, 'AS') && column && isMark(next, '(')) {
      const end = closingOf(part, at + 1);
      column.generatedSql = textOf(sql, part.slice(at + 2, end));
      at = end;
    } else if (isWord(token, 'REFERENCES')) {
      read.foreignKeys.push({ name, deferred: false });
      name = null;
    } else if (isWord(token, 'DEFERRABLE') && !isWord(part[at - 1], 'NOT')) {
      const last = read.foreignKeys.at(-1);
      if (last) last.deferred = isWord(next, 'INITIALLY') && isWord(part[at + 2], 'DEFERRED');
    } else if (isWord(token, 'AUTOINCREMENT')) read.autoincrement = true;
    else if (isWord(token, 'DEFAULT')) at = isMark(next, '(') ? closingOf(part, at + 1) : at + 1;
    else if (isMark(token, '(')) at = closingOf(part, at);
  }
}

export type CreateIndex = { terms: string[]; collations: (string | null)[]; where: string | null };

/** The indexed expressions as written (without COLLATE, ASC, DESC) and the condition of a partial index. */
export function readCreateIndex(sql: string): CreateIndex {
  const list = tokens(sql);
  const on = list.findIndex((token) => isWord(token, 'ON'));
  const open = list.findIndex((token, at) => at > on && isMark(token, '('));
  if (on < 0 || open < 0) return { terms: [], collations: [], where: null };
  const close = closingOf(list, open);
  const where = list.findIndex((token, at) => at > close && isWord(token, 'WHERE'));
  const parts = commaParts(list, open + 1, close);
  return {
    terms: parts.map((part) => textOf(sql, bareTerm(part))),
    collations: parts.map(collationOf),
    where:
      where < 0
        ? null
        : textOf(
            sql,
            list.slice(where + 1).filter((token) => !isMark(token, ';')),
          ),
  };
}

const withoutWay = (part: readonly Token[]): readonly Token[] =>
  isWord(part.at(-1), 'ASC', 'DESC') ? part.slice(0, -1) : part;

function collationOf(part: readonly Token[]): string | null {
  const term = withoutWay(part);
  return isWord(term.at(-2), 'COLLATE') ? (term.at(-1)?.text ?? null) : null;
}

function bareTerm(part: readonly Token[]): readonly Token[] {
  const term = withoutWay(part);
  return isWord(term.at(-2), 'COLLATE') ? term.slice(0, -2) : term;
}

/** The module of a CREATE VIRTUAL TABLE. */
export function moduleOf(sql: string | null): string | null {
  const list = tokens(sql ?? '');
  const using = list.findIndex((token) => isWord(token, 'USING'));
  return using < 0 ? null : (list[using + 1]?.text ?? null);
}
