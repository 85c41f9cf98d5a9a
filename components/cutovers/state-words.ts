/** "Load, 79 %. Import, about 13 s left. …" → its first sentence stands out, the rest explains. */
export function splitHeadline(text: string): [lead: string, rest: string] {
  const end = text.search(/\.\s+\S/);
  return end < 0 ? [text.replace(/\.$/, ''), ''] : [text.slice(0, end), text.slice(end + 1).trim()];
}
