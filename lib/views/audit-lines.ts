import { readAuditChain } from '@/db/queries/views/read-audit-chain';
import type { Reader } from '@/db/tx';
import { toLine, toRecord } from '@/lib/audit/verify';

const pageEntries = 2_000;

/** One line an entry, as the standalone verifier reads it. */
export function auditLines(db: Reader): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = 0;
  return new ReadableStream({
    async pull(controller) {
      const entries = await readAuditChain(db, after, pageEntries);
      if (entries.length === 0) return controller.close();
      after = entries.at(-1)?.n ?? after;
      controller.enqueue(encoder.encode(entries.map((entry) => `${toLine(toRecord(entry))}\n`).join('')));
    },
  });
}
