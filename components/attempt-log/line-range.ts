export type LineRange = { from: number; to: number };

/** "#L120", "#L120-L140" → a range; anything else → null. */
export function parseRange(hash: string): LineRange | null {
  const found = /^#L(\d{1,9})(?:-L(\d{1,9}))?$/.exec(hash);
  if (!found?.[1]) return null;
  const [a, b] = [Number(found[1]), Number(found[2] ?? found[1])];
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

export const rangeHash = ({ from, to }: LineRange): string => (from === to ? `#L${from}` : `#L${from}-L${to}`);

/** A click selects one line (again: none), a click with shift the range from the first selected one. */
export function selectLine(before: LineRange | null, line: number, withShift: boolean): LineRange | null {
  if (withShift && before) return { from: Math.min(before.from, line), to: Math.max(before.from, line) };
  return before && before.from === line && before.to === line ? null : { from: line, to: line };
}

export const inRange = (range: LineRange | null, line: number): boolean =>
  !!range && line >= range.from && line <= range.to;
