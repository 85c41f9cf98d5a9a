import type pg from 'pg';
import { inTransaction } from './connect-target';

/** Does work in a transaction that leaves nothing behind. @throws what the work throws */
export async function rolledBack<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const onPurpose = new Error('rolled back on purpose');
  let result: { is: T } | null = null;
  await inTransaction(client, async () => {
    result = { is: await work() };
    throw onPurpose;
  }).catch((thrown) => {
    if (thrown !== onPurpose) throw thrown;
  });
  return (result as unknown as { is: T }).is;
}
