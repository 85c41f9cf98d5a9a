/**
 * Transactions of one better-sqlite3 connection, one after another: it has only one at a time.
 * @template S
 * @param {import('better-sqlite3').Database} db
 * @param {S} session what the work reads and writes by
 * @returns {<T>(work: (session: S) => Promise<T> | T) => Promise<T>} committed, or rolled back with what the work threw
 */
export function inTurns(db, session) {
  const transact = async (work) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(session);
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
  let last = Promise.resolve();
  return (work) => {
    const done = last.then(() => transact(work));
    last = done.catch(() => {});
    return done;
  };
}
