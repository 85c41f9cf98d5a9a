// What must be undone when this process is asked to end, last begun first.
const cleanups = [];
let stopping = null;

/** @returns a function that forgets the cleanup again */
export function onStop(cleanup) {
  cleanups.push(cleanup);
  return () => {
    const at = cleanups.indexOf(cleanup);
    if (at >= 0) cleanups.splice(at, 1);
  };
}

/** Runs every cleanup once; a second call waits for the first. */
export function stopAll() {
  stopping ??= (async () => {
    while (cleanups.length > 0) {
      try {
        await cleanups.pop()();
      } catch (error) {
        process.stderr.write(`while stopping: ${error.message}\n`);
      }
    }
  })();
  return stopping;
}

/** Ctrl-C, a closed terminal and `kill` all end in the same way. @param code exit code after an interrupted start */
export function stopOnSignals(code = () => 130) {
  process.stdout.on('error', () => {}); // A terminal that was closed hears nothing more; stopping goes on.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, async () => {
      await stopAll();
      process.exit(code());
    });
}
