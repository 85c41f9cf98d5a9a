import type { Db } from './client';

export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** What a reading query takes: the database itself or a transaction. */
export type Reader = Db | Tx;

/** One transaction; a thrown error rolls everything back. */
export const inTx = <T>(db: Db, act: (tx: Tx) => Promise<T>): Promise<T> => db.transaction(act);
