import { startWorker } from '../start-worker';

const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

/** A worker as a process of its own, for tests that kill it. Times come from the environment. */
const worker = await startWorker({
  url: need('DATABASE_URL'),
  home: need('CUTOVER_HOME'),
  childPath: need('TEST_CHILD'),
  settings: { concurrency: 4, beatMs: Number(need('TEST_BEAT_MS')), deadMs: Number(need('TEST_DEAD_MS')), pollMs: 200 },
  secrets: () => ({}),
  allowedRoots: () => [],
  leave: (code) => process.exit(code),
});
process.send?.({ id: worker.env.id });
process.on('disconnect', () => process.exit(0));
