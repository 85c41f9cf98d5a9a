/** Why a JSON text cannot become jsonb unchanged. */
export type JsonTrouble = 'not_json' | 'nul' | 'lone_surrogate' | 'duplicate_key';

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

class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

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
    if (first === '{') return this.object();
    if (first === '[') return this.array();
    if (first === '"') return JSON.stringify(this.string());
    for (const word of ['true', 'false', 'null'])
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return word;
      }
    return this.number();
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
      if (members.has(key)) this.fail('duplicate_key');
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
    if (Math.abs(power) > 131_072) this.fail();
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
