import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, identify } from './process-birth.mjs';

const logBytes = 20 * 1024 * 1024;
const calmMs = 30_000;

function openLog(file) {
  if (existsSync(file) && statSync(file).size > logBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/**
 * Keeps one process of the console running: started again after 250, 500, 1000 … ms, at most 10 s, calm again after 30 s
 * of life. Its output goes to a file, not a pipe, so it survives the launcher; its channel is how it learns of our end.
 */
export function supervise({ name, argv, env, cwd, home, graceSeconds = 10, onExit = () => {} }) {
  const recordFile = join(home, 'run', `${name}.process.json`);
  const logFile = join(home, 'log', `${name}.log`);
  /** @type {{ child: import('node:child_process').ChildProcess | null, record: import('./process-birth.mjs').ProcessRecord | null, stopped: boolean, delay: number, timer: NodeJS.Timeout | undefined }} */
  const state = { child: null, record: null, stopped: false, delay: 250, timer: undefined };

  const start = () => {
    state.timer = undefined;
    const out = openLog(logFile);
    const startedAt = Date.now();
    const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', out, out, 'ipc'] });
    closeSync(out);
    Object.assign(state, { child, record: child.pid ? identify(child.pid) : null });
    if (state.record) {
      // Whole or not at all: others read it while a process is being replaced.
      writeFileSync(`${recordFile}.new`, JSON.stringify({ name, ...state.record }), { mode: 0o600 });
      renameSync(`${recordFile}.new`, recordFile);
    }
    const gone = (code, by) => {
      state.child = null;
      if (state.stopped) return;
      onExit({ name, code, by, delay: state.delay });
      if (Date.now() - startedAt > calmMs) state.delay = 250;
      state.timer = setTimeout(start, state.delay);
      state.delay = Math.min(state.delay * 2, 10_000);
    };
    child.once('error', (error) => gone(error.code, null));
    child.once('exit', gone);
  };
  start();

  return {
    name,
    get record() {
      return state.record;
    },
    restart: () => state.child?.kill('SIGTERM'),
    async stop() {
      state.stopped = true;
      clearTimeout(state.timer);
      if (state.record) await end(state.record, { graceSeconds });
      rmSync(recordFile, { force: true });
    },
  };
}
