/** "4,812 entries verified in 0.3 s, head 9f2c41d0….": the count stands out, the time has a place of its own. */
export function verifiedWords({ ok, text }: { ok: boolean; text: string }): { fact: string; rest: string } {
  const found = ok ? /^(.+ verified) in .+?(, head \S+?…)?\.?$/.exec(text) : null;
  return found ? { fact: found[1] ?? text, rest: `, no gap, no fork${found[2] ?? ''}` } : { fact: text, rest: '' };
}
