const written: Record<string, string> = { '\n': '\\n', '\r': '\\r' };

/**
 * One line for a terminal: what would steer it, turn the direction of what follows, or cannot be seen (spaces of other kinds, marks of
 * no width) is written out. Names come from anybody's file. What joins emoji and letters stays.
 */
export const visibleText = (text: string): string =>
  text.replace(
    /(?!\t)[\p{Cc}\u00a0\u00ad\u1680\u2000-\u200b\u2028-\u202f\u205f-\u2069\ufeff]/gu,
    (one) => written[one] ?? `\\u${(one.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  );
