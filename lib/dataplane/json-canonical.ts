/** Why a JSON text cannot become jsonb unchanged. */
export type JsonTrouble = 'not_json' | 'nul' | 'lone_surrogate' | 'duplicate_key' | 'number_too_large' | 'too_deep';

/** PostgreSQL gives up on deeper nesting at its default stack depth (2 MB); so do we, well before. */
const mostDepth = 2000;

/**
 * JSON text in the form in which jsonb keeps it: keys sorted, numbers as exact decimals with their scale, no white space.
 * Numbers never pass through a double. @throws JsonProblem
 */
export class JsonProblem extends Error {
  constructor(
    readonly trouble: JsonTrouble,
    readonly at: number,
  ) {
    super(`${trouble} at ${at}`);
  }
}

export const canonicalJsonText = (text: string): string => new Scanner(text).document();

/** The same where of members with one key only the last is kept; a text that has other troubles comes back as it is. */
export function lastKeyWins(text: string): string {
  try {
    return new Scanner(text, true).document();
  } catch (thrown) {
    if (thrown instanceof JsonProblem) return text;
    throw thrown;
  }
}

/** Refuses what is no JSON text at all; says nothing of its values. @throws JsonProblem */
export function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new JsonProblem('not_json', 0);
  }
  if (nestingOf(text) > mostDepth) throw new JsonProblem('too_deep', 0);
}

/** Deepest nesting of a text that is known to be JSON. */
function nestingOf(text: string): number {
  let [depth, most, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (inString) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '[' || sign === '{') most = Math.max(most, ++depth);
    else if (sign === ']' || sign === '}') depth -= 1;
  }
  return most;
}

class Scanner {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly lastWins = false,
  ) {}

  document(): string {
    const value = this.value();
    this.space();
    if (this.at !== this.text.length) this.fail();
    return value;
  }

  private fail(trouble: JsonTrouble = 'not_json'): never {
    throw new JsonProblem(trouble, this.at);
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  private value(): string {
    this.space();
    const first = this.text[this.at];
    if (first === '{') return this.nested(() => this.object());
    if (first === '[') return this.nested(() => this.array());
    if (first === '"') return JSON.stringify(this.string());
    for (const word of ['true', 'false', 'null'])
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return word;
      }
    return this.number();
  }

  private nested(read: () => string): string {
    this.depth += 1;
    if (this.depth > mostDepth) this.fail('too_deep');
    const text = read();
    this.depth -= 1;
    return text;
  }

  private array(): string {
    const items: string[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === ']') return this.close('[]');
    for (;;) {
      items.push(this.value());
      if (this.next(']')) return `[${items.join(',')}]`;
    }
  }

  private object(): string {
    const members = new Map<string, string>();
    this.at += 1;
    this.space();
    if (this.text[this.at] === '}') return this.close('{}');
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail();
      const key = this.string();
      this.space();
      if (this.text[this.at] !== ':') this.fail();
      this.at += 1;
      if (members.has(key) && !this.lastWins) this.fail('duplicate_key');
      members.set(key, this.value());
      if (this.next('}')) break;
    }
    const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${member}`).join(',')}}`;
  }

  private close(whole: string): string {
    this.at += 1;
    return whole;
  }

  /** Steps over a comma (false) or the closing sign (true). */
  private next(end: string): boolean {
    this.space();
    const sign = this.text[this.at];
    this.at += 1;
    if (sign === end) return true;
    if (sign !== ',') this.fail();
    return false;
  }

  private string(): string {
    const end = /[^"\\]*(?:\\.[^"\\]*)*"/y;
    end.lastIndex = this.at + 1;
    const match = end.exec(this.text);
    if (!match) this.fail();
    let parsed: string;
    try {
      parsed = JSON.parse(`"${match[0]}`) as string;
    } catch {
      this.fail();
    }
    if (parsed.includes('\0')) this.fail('nul');
    if (!(parsed as string & { isWellFormed(): boolean }).isWellFormed()) this.fail('lone_surrogate');
    this.at = end.lastIndex;
    return parsed;
  }

  private number(): string {
    const token = /-?(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?/y;
    token.lastIndex = this.at;
    const match = token.exec(this.text);
    if (!match) this.fail();
    const power = Number(match[3] ?? 0);
    // The limits of numeric: digits before and after the point.
    if ((match[1] ?? '').length + power > 131_072 || (match[2] ?? '').length - power > 16_383)
      this.fail('number_too_large');
    this.at = token.lastIndex;
    return plainDecimal(match[0].startsWith('-'), match[1] ?? '0', match[2] ?? '', power);
  }
}

/** 1.50e1 → 15.0, 1e2 → 100, -0 → 0: what PostgreSQL's numeric prints. */
function plainDecimal(negative: boolean, whole: string, fraction: string, power: number): string {
  const digits = whole + fraction;
  const point = whole.length + power;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const cut = Math.max(point, 1);
  const integer = padded.slice(0, cut).replace(/^0+(?=\d)/, '');
  const decimals = padded.slice(cut);
  const text = decimals ? `${integer}.${decimals}` : integer;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}
