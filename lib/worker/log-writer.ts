import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { insertLogLines, type LogLine } from '@/db/queries/attempt/insert-log-lines';
import type { Db } from '@/db/client';
import { redact } from '@/lib/shared/redact';
import { whileAway } from './while-away';

const groupMs = 100;
const groupLines = 500;
const cutBytes = 8_192;
/** Whatever a terminal or an editor takes for the end of a line. */
const lineEnds = /\r\n|[\n\r\u0085\u2028\u2029]/;

export type LogWriter = {
  write(line: { at: string; level: string; stream: string; text: string }): void;
  /** Resolves when all lines so far are kept, or the attempt was lost. */
  close(): Promise<void>;
};

export const logFile = (home: string, attemptId: string): string => path.join(home, 'logs', `${attemptId}.log`);

/** Keeps the lines of one attempt in order: groups to the database, everything whole to a file. */
export function openLogWriter(db: Db, home: string, attempt: { id: string; epoch: number }): LogWriter {
  mkdirSync(path.join(home, 'logs'), { recursive: true, mode: 0o700 });
  const file = createWriteStream(logFile(home, attempt.id), { flags: 'a', mode: 0o600 });
  // A full disk must not end the worker; the database keeps the lines.
  file.on('error', () => undefined);
  let waiting: LogLine[] = [];
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let lost = false;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const lines = waiting;
    waiting = [];
    if (lines.length === 0) return;
    writing = writing
      .then(async () => {
        for (let from = 0; from < lines.length && !lost; from += groupLines) {
          lost = !(await whileAway(() =>
            insertLogLines(db, attempt.id, attempt.epoch, lines.slice(from, from + groupLines)),
          ));
        }
      })
      .catch(() => {
        lost = true;
      });
  };
  return {
    write({ at, level, stream, text }) {
      for (const line of redact(text).split(lineEnds).map(showControls)) {
        file.write(`${at} ${level} ${stream} ${line}\n`);
        waiting.push({ at: new Date(at), level, stream, text: cut(line) });
      }
      if (waiting.length >= groupLines) flush();
      else timer ??= setTimeout(flush, groupMs);
    },
    async close() {
      flush();
      await writing;
      await new Promise<void>((resolve) => file.end(() => resolve()));
    },
  };
}

/** A control character would move the cursor of who reads the file, and NUL cannot be stored: each is shown by its picture. */
const showControls = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\0-\u0008\u000b-\u001f]/g, (found) => String.fromCharCode(0x2400 + found.charCodeAt(0)));

function cut(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= cutBytes) return text;
  const kept = bytes
    .subarray(0, cutBytes)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  return `${kept} … ${bytes.length - cutBytes} more bytes in the file`;
}
