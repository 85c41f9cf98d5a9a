const known = new Set<string>();

/** Names a secret value of this process, so that it is cut from every text from now on. Values under 6 characters are left: cutting them would eat words. */
export function rememberSecret(value: string | undefined): void {
  if (value && value.length >= 6) {
    known.add(value);
    const encoded = encodeURIComponent(value);
    if (encoded !== value) known.add(encoded);
  }
}

const patterns: [RegExp, string][] = [
  // scheme://user:password@host
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@?#]*):[^\s@/]*(?:\/[^\s@]*)?@/gi, '$1:***@'],
  [/((?:password|passwd|pwd|secret|token|api_?key)\s*[=:]\s*)('[^']*'|"[^"]*"|[^\s,;&}\]"']+)/gi, '$1***'],
];

/** Text without secrets: passwords in URLs and key=value forms, and every remembered value. */
export function redact(text: string): string {
  let out = text;
  for (const secret of known) if (out.includes(secret)) out = out.split(secret).join('***');
  for (const [pattern, replacement] of patterns) out = out.replace(pattern, replacement);
  return out;
}

/** The same, through every text of a JSON value. */
export function redactJson<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redactJson) as T;
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactJson(member)])) as T;
  return value;
}
