import { open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { readAttemptHead, readLogPage } from '@/db/queries/views/read-log-page';
import type { SessionContext } from '@/lib/auth/actor';
import { attemptUnknown } from './log-page';

const pageLines = 5_000;

/** Where a worker keeps the whole log; the database holds its first 100,000 lines only. */
const logFilePath = (attemptId: string, home = process.env.CUTOVER_HOME): string | null =>
  home ? path.join(home, 'logs', `${attemptId}.log`) : null;

/** The whole log: the worker's file where this machine has it, else what the database holds. @throws CutoverError attempt_unknown */
export async function openLogFile(
  { db }: SessionContext,
  attemptId: string,
): Promise<{ name: string; body: ReadableStream<Uint8Array> }> {
  const head = await readAttemptHead(db, attemptId);
  if (!head) throw attemptUnknown(attemptId);
  const name = `${head.stepId}-${head.verb}-${head.no}.log`.replaceAll(/[^a-zA-Z0-9.-]/g, '_');
  // The id is one of the database's, so it cannot lead out of the folder.
  const file = logFilePath(head.id);
  const handle = file ? await open(file, 'r').catch(() => null) : null;
  if (handle) return { name, body: Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array> };
  return { name, body: fromDatabase(db, head.id) };
}

function fromDatabase(db: SessionContext['db'], attemptId: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = 0;
  return new ReadableStream({
    async pull(controller) {
      const lines = await readLogPage(db, { attemptId, after }, pageLines);
      if (lines.length === 0) return controller.close();
      after = lines.at(-1)?.seq ?? after;
      controller.enqueue(
        encoder.encode(
          lines.map(({ at, level, stream, text }) => `${at.toISOString()} ${level} ${stream} ${text}\n`).join(''),
        ),
      );
    },
  });
}
