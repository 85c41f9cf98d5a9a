import type { WorkerRow } from '@/db/queries/views/read-workers';
import { ledgerNameOf } from '@/lib/dataplane/ledger-schema';

/** Schema of the ledger in which what this DSN loads is kept, by the role that a worker found there; null: none could say. */
export function ledgerNameBehind(workers: readonly WorkerRow[], dsnName: string): string | null {
  const read = workers
    .flatMap(({ machine }) => machine.targets ?? [])
    .find(({ name, server }) => name === dsnName && server);
  return read?.server ? ledgerNameOf(read.server.role) : null;
}
