import Anser from 'anser';
import { nameInvisible } from '@/components/evidence/invisible-characters';

export type AnsiTone = 'red' | 'green' | 'amber' | 'blue' | 'violet' | 'dim';
export type AnsiPiece = { text: string; tone: AnsiTone | null; bold: boolean; control: boolean };

// Classes and not colours: a log is drawn in the theme's own hues, so every text keeps its contrast.
const tones: Record<string, AnsiTone> = {
  'ansi-red': 'red',
  'ansi-bright-red': 'red',
  'ansi-green': 'green',
  'ansi-bright-green': 'green',
  'ansi-yellow': 'amber',
  'ansi-bright-yellow': 'amber',
  'ansi-blue': 'blue',
  'ansi-bright-blue': 'blue',
  'ansi-cyan': 'blue',
  'ansi-bright-cyan': 'blue',
  'ansi-magenta': 'violet',
  'ansi-bright-magenta': 'violet',
  'ansi-bright-black': 'dim',
};

const hidden = (character: string): string | null =>
  character === '\t' || character === '\u00a0' ? null : nameInvisible(character);

function splitControls(piece: AnsiPiece): AnsiPiece[] {
  const out: AnsiPiece[] = [];
  let text = '';
  for (const character of piece.text) {
    const name = hidden(character);
    if (!name) {
      text += character;
      continue;
    }
    if (text) out.push({ ...piece, text });
    text = '';
    out.push({ ...piece, text: name, control: true });
  }
  if (text) out.push({ ...piece, text });
  return out;
}

/** A log text as spans: colour codes become tones, control characters become their names. */
export function ansiPieces(text: string): AnsiPiece[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: most lines hold none of these and need no parsing
  if (!/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/.test(text))
    return [{ text, tone: null, bold: false, control: false }];
  return Anser.ansiToJson(text, { use_classes: true, json: true, remove_empty: true }).flatMap((entry) =>
    splitControls({
      text: entry.content,
      tone: tones[entry.fg] ?? (entry.decorations.includes('dim') ? 'dim' : null),
      bold: entry.decorations.includes('bold'),
      control: false,
    }),
  );
}
