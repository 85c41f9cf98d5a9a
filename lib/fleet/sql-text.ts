/** A piece of a statement: text as it is, a `${name}`, or a `?`. `quoted`: it stands in a literal, a quoted name or a comment. */
export type SqlPiece = { kind: 'text' | 'name' | 'mark'; text: string; quoted: boolean };

// Strings (also E'' with its backslashes), quoted names, dollar quotes, comments; the rest letter by letter.
const QUOTED =
  /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//y;
const NAME = /\$\{([a-z][a-z0-9_.]*)\}/y;

/** Cuts a statement at its `${name}` and `?`, so that a value is bound and never becomes part of the text. */
export function piecesOf(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let text = '';
  const end = (): void => {
    if (text) pieces.push({ kind: 'text', text, quoted: false });
    text = '';
  };
  for (let at = 0; at < sql.length; ) {
    NAME.lastIndex = at;
    const name = NAME.exec(sql);
    QUOTED.lastIndex = at;
    const quoted = name ? null : QUOTED.exec(sql);
    if (name || sql[at] === '?') {
      end();
      pieces.push({ kind: name ? 'name' : 'mark', text: name?.[1] ?? '?', quoted: false });
      at += name?.[0].length ?? 1;
    } else if (quoted) {
      end();
      pieces.push({ kind: 'text', text: quoted[0], quoted: true });
      at += quoted[0].length;
    } else {
      text += sql[at];
      at += 1;
    }
  }
  end();
  return pieces;
}

/** Names that stand where a value cannot be bound: within quotes or a comment. */
export const unboundNames = (sql: string): string[] =>
  piecesOf(sql).flatMap(({ quoted, text }) =>
    quoted ? [...text.matchAll(/\$\{([a-z][a-z0-9_.]*)\}/g)].map(([, name = '']) => name) : [],
  );
