import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { ConfigError } from './errors.mjs';

/** How long a request in flight may go on after the service was told to stop. */
const DRAIN_MS = 800;
const CLOSE_MS = 100;

/**
 * Answers when the port is open.
 * @param {{config: {host: string, port: number}, handler: import('node:http').RequestListener,
 *   closeStores?: () => Promise<unknown>, closeLast?: () => unknown}} parts closeStores is given 100 ms once every request has its
 *   answer (a pool whose server is gone never closes); closeLast is waited for
 * @returns {Promise<{port: number, config: object, stop(): Promise<void>}>}
 */
export async function listen({ config, handler, closeStores = async () => {}, closeLast = () => {} }) {
  const server = createServer(handler);
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const stop = async () => {
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(timer);
    const patience = new Promise((resolve) => {
      setTimeout(resolve, CLOSE_MS).unref();
    });
    await Promise.race([closeStores(), patience]);
    await closeLast();
  };
  return { port: server.address().port, config, stop };
}

/** Exit codes: 0 after SIGTERM or SIGINT, 2 when the environment is wrong, 1 for everything else. */
function failAs(name) {
  return (error) => {
    const text = error instanceof ConfigError ? error.message : `${error.code ?? error.name}: ${error.message}`;
    process.stderr.write(`${name}: ${text}\n`);
    process.exit(error instanceof ConfigError ? 2 : 1);
  };
}

/**
 * Runs the service when its file is the program; an import starts nothing.
 * @param {string} moduleUrl of the service's file
 * @param {{name: string, start: (env: NodeJS.ProcessEnv, onFatal: (error: Error) => void) =>
 *   Promise<{port: number, config: any, stop(): Promise<void>}>, announce: (config: any) => object}} service
 */
export function serveAsProgram(moduleUrl, { name, start, announce }) {
  if (moduleUrl !== pathToFileURL(process.argv[1] ?? '').href) return;
  const fail = failAs(name);
  const starting = start(process.env, fail);
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      starting.then((service) => service.stop()).then(() => process.exit(0), fail);
    });
  }
  // Last: whoever reads this line may send a signal at once.
  starting.then(({ port, config }) => {
    process.stdout.write(`${JSON.stringify({ event: 'listening', port, pid: process.pid, ...announce(config) })}\n`);
  }, fail);
}
