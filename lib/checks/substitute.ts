import { CutoverError } from '@/lib/errors';

export type Names = Record<string, string | number | boolean | null>;

const PLACE = /\$\{([a-z][a-z0-9_.]*)\}/g;

/** Names used in a value: `source_id`, `rows.videos`, `item`. */
export function namesIn(value: unknown): string[] {
  const found = new Set<string>();
  walk(value, (text) => {
    for (const [, name = ''] of text.matchAll(PLACE)) found.add(name);
    return text;
  });
  return [...found].sort();
}

/**
 * Puts names into every text of a value. A text that is one name alone keeps the name's type. Object keys stay as they are.
 * @throws CutoverError smoke_failed for a name that is not in the closed set
 */
export function substitute<T>(value: T, names: Names): T {
  return walk(value, (text) => {
    const whole = /^\$\{([a-z][a-z0-9_.]*)\}$/.exec(text);
    if (whole?.[1] !== undefined) return lookUp(names, whole[1]);
    return text.replace(PLACE, (_, name: string) => String(lookUp(names, name)));
  }) as T;
}

/** The same for plans: what is not known yet stays as it is written. */
export function substituteKnown<T>(value: T, names: Names): T {
  return walk(value, (text) =>
    text.replace(PLACE, (whole, name: string) => (Object.hasOwn(names, name) ? String(names[name]) : whole)),
  ) as T;
}

function walk(value: unknown, text: (text: string) => unknown): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, text));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, text)]));
  return value;
}

function lookUp(names: Names, name: string): Names[string] {
  if (Object.hasOwn(names, name)) return names[name] ?? null;
  throw new CutoverError({
    code: 'smoke_failed',
    message: `The flow uses \${${name}}, which no earlier check has captured.`,
    advice: `Known here: ${Object.keys(names).sort().join(', ')}. Correct the runbook, or see why the check that captures it found nothing.`,
  });
}
