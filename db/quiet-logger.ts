import { Logger } from 'graphile-worker';

/** The queue's own lines: only warnings and errors reach the log of the process. */
export const quietLogger = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') console.error(`queue ${level}: ${message}`);
});
