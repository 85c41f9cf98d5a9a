import { redact } from '@/lib/shared/redact';

const longest = 160;
/** Where services put the sentence that a person is to read. */
const names = ['message', 'detail', 'error', 'reason', 'title', 'description', 'status'];

/** What a body says to a person: its sentence where it is JSON, its text where it is plain; '' where it says nothing of that kind. */
export function answerWords(body: string): string {
  const text = body.trim();
  if (!text || text.startsWith('<')) return '';
  return shortened(/^[[{"]/.test(text) ? sentenceIn(parsed(text)) : text);
}

function shortened(text: string): string {
  const line = redact(text).replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line.replace(/\.$/, '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sentenceIn(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (depth > 2 || value === null || typeof value !== 'object') return '';
  if (Array.isArray(value)) return sentenceIn(value[0], depth + 1);
  const members = value as Record<string, unknown>;
  for (const name of names) {
    const found = Object.hasOwn(members, name) ? sentenceIn(members[name], depth + 1) : '';
    if (found) return found;
  }
  return '';
}
