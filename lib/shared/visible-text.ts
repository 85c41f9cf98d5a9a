const written: Record<string, string> = { '\n': '\\n', '\r': '\\r' };

/** One line for a terminal: what would steer it, or turn the direction of what follows, is written out. Names come from anybody's file. */
export const visibleText = (text: string): string =>
  text.replace(
    /(?!\t)[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (one) => written[one] ?? `\\u${(one.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  );
