/** The value at a dotted path (`backend.backend`, `items.0.id`), or undefined. Own members only: no prototype is ever read. */
export function readPath(value: unknown, dotted: string): unknown {
  let current = value;
  if (dotted === '' || dotted === '$') return current;
  for (const part of dotted.split('.')) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}
