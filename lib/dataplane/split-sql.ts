/** What a scanner passes over whole: strings, quoted names, comments, bodies between $tag$. */
const wholes = [
  /--[^\n]*/y,
  /[eE]'(?:[^'\\]|''|\\[\s\S])*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1/y,
];

/** Statements of PostgreSQL's SQL, parted by semicolons that stand outside of strings, names, comments and $$ bodies. */
export function splitSql(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const next = passOver(text, at);
    if (next > at) at = next;
    else {
      if (text[at] === ';') {
        found.push(text.slice(from, at));
        from = at + 1;
      }
      at += 1;
    }
  }
  found.push(text.slice(from));
  return found.map((one) => one.trim()).filter((one) => bare(one) !== '');
}

function passOver(text: string, at: number): number {
  if (text.startsWith('/*', at)) return endOfComment(text, at);
  // A letter before it makes `e'` a part of a name and `$1$` a part of a parameter.
  if (/\w/.test(text[at - 1] ?? '') && /[eE$]/.test(text[at] as string)) return at;
  for (const shape of wholes) {
    shape.lastIndex = at;
    const match = shape.exec(text);
    if (match) return at + match[0].length;
  }
  return at;
}

/** Comments of this kind may hold others. */
function endOfComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text.startsWith('/*', at)) depth += 1;
    else if (text.startsWith('*/', at)) depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The statement without comments. */
const bare = (sql: string): string => sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim();

const endsIt =
  /^(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction|copy|listen|\\)/i;

/** Statements that would end the one transaction they are to run in, or that read what follows them as rows. */
export const notTogether = (statements: readonly string[]): string[] =>
  statements.filter((one) => endsIt.test(bare(one)));

/** Line of a text at which the server found the i-th of its statements wrong; where it names no place, the line it begins on. */
export function lineOfError(text: string, i: number, thrown: unknown): number {
  let at = 0;
  const statements = splitSql(text);
  for (const [number, statement] of statements.entries()) {
    at = text.indexOf(statement, at);
    if (number === i) break;
    at += statement.length;
  }
  const statement = statements[i] ?? '';
  const { position } = thrown as { position?: string };
  // The server counts characters, not UTF-16 units, from 1; without a place the first line that is no comment.
  const within = position
    ? [...statement].slice(0, Number(position) - 1).join('').length
    : (/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(statement)?.[0].length ?? 0);
  return text.slice(0, at + within).split('\n').length;
}
