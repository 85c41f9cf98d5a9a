/** "4,812 entries verified: every hash follows, …": the count stands out, the rest explains it. */
export function verifiedWords({ ok, text }: { ok: boolean; text: string }): { fact: string; rest: string } {
  const end = ok ? text.indexOf(':') : -1;
  return end > 0 ? { fact: text.slice(0, end), rest: text.slice(end) } : { fact: text, rest: '' };
}
