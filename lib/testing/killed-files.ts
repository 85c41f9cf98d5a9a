import { exportOf, importOf } from './files-fixture';

/** For tests: exports or imports, and kills itself when the named failpoint is met for the nth time. */
const { ACT = '', KILL_AT = '', KILL_HIT = '1', SOURCES = '{}', FOLDER = '', TARGET = '' } = process.env;
let hits = 0;
const failpoint = async (name: string) => {
  if (name !== KILL_AT) return;
  hits += 1;
  if (hits === Number(KILL_HIT)) process.kill(process.pid, 'SIGKILL');
};
if (ACT === 'export')
  await exportOf(JSON.parse(SOURCES) as Record<string, string>, FOLDER, { batchRows: 100, failpoint });
else await importOf(FOLDER, TARGET, 'orcheo', { batchRows: 100, failpoint });
