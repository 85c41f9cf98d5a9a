import { NeedsPerson, say } from './say.mjs';
import { stopAll, stopOnSignals } from './stopping.mjs';

// Runs before node_modules exists: nothing here or below imports a package at load.
const commands = {
  demo: async () => keep(await (await import('./serve.mjs')).serve({ demo: true })),
  start: async ([fleetArgument]) => keep(await (await import('./serve.mjs')).serve({ demo: false, fleetArgument })),
  dev: async ([fleetArgument]) => (await import('./dev.mjs')).dev(fleetArgument),
  build: async () => {
    (await import('./requirements.mjs')).requireNode();
    await (await import('./prepare.mjs')).prepare();
    return 0;
  },
  test: async (args) => (await import('./test.mjs')).test(args),
  shots: async (args) => (await import('./test.mjs')).shots(args),
  walks: async (args) => (await import('./test.mjs')).walks(args),
  security: async () => (await import('./security.mjs')).security(),
};

/** A running console holds the launcher until it is told to end. */
function keep({ running }) {
  if (running) return 0;
  interruptedCode = 0;
  return new Promise(() => {});
}

let interruptedCode = 130;
stopOnSignals(() => interruptedCode);

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  say(`Usage: npm run ${Object.keys(commands).join(' | ')}`);
  process.exit(2);
}
let code = 1;
try {
  code = await command(args);
} catch (error) {
  process.stderr.write(`\n${error instanceof NeedsPerson ? error.message : (error.stack ?? error)}\n`);
  code = error instanceof NeedsPerson ? 2 : 1;
}
await stopAll();
process.exit(code);
