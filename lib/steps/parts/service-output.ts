import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { homeFolder } from '@/lib/services/data-home';

/** File → its size in bytes at a moment: where later output begins. */
export type OutputMarks = Record<string, number>;

/** What a service writes: its log, and what a managed process says on its standard output and error. */
export const outputFiles = (service: ServiceEntry): string[] => [
  service.log_file,
  ...(service.restart.kind === 'managed' ? [path.join(homeFolder('services'), `${service.name}.out`)] : []),
];

export const markOutput = (services: readonly ServiceEntry[]): OutputMarks =>
  Object.fromEntries(services.flatMap(outputFiles).map((file) => [file, existsSync(file) ? statSync(file).size : 0]));

export type TextFound = { text: string; count: number; first: string };
const pieceBytes = 1024 * 1024;
const shownChars = 300;

/**
 * Lines that hold one of the texts, from a byte on (from the start where the file was cut since).
 * @returns how often each was found and its first line, or null when the file is not there
 */
export function findTexts(file: string, from: number, texts: readonly string[]): TextFound[] | null {
  if (!existsSync(file)) return null;
  const found = new Map<string, TextFound>();
  for (const line of linesFrom(file, from))
    for (const text of texts) {
      if (!line.includes(text)) continue;
      const known = found.get(text);
      if (known) known.count += 1;
      else found.set(text, { text, count: 1, first: line.slice(0, shownChars) });
    }
  return [...found.values()];
}

function* linesFrom(file: string, from: number): Generator<string> {
  const handle = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(pieceBytes);
    let at = statSync(file).size < from ? 0 : from;
    let rest = Buffer.alloc(0);
    for (
      let got = readSync(handle, piece, 0, pieceBytes, at);
      got > 0;
      got = readSync(handle, piece, 0, pieceBytes, at)
    ) {
      at += got;
      const held = Buffer.concat([rest, piece.subarray(0, got)]);
      const end = held.lastIndexOf(10) + 1;
      yield* held.toString('utf8', 0, end).split('\n');
      rest = held.subarray(end);
    }
    if (rest.length) yield rest.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
