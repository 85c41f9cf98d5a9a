import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { allowedOrigins, refusal } from './admit-request.mjs';
import { contentPolicy, setSecurityHeaders } from './content-policy.mjs';
import { pageHeader } from '../shared/page-header.mjs';
import { stripHeaders } from './strip-headers.mjs';

const dev = process.argv.includes('--dev');
// Next reads this when it is imported.
process.env.NODE_ENV ??= dev ? 'development' : 'production';
const { default: next } = await import('next');

const url = new URL(process.env.CUTOVER_URL ?? 'http://localhost:4400');
const port = Number(process.env.CUTOVER_LISTEN_PORT ?? (url.port || (url.protocol === 'https:' ? 443 : 80)));
const host = process.env.CUTOVER_LISTEN_HOST ?? '127.0.0.1';
const allowed = allowedOrigins(url, process.env.CUTOVER_ORIGINS);

// Next attaches its own upgrade listener to the server it is given; this one only passes on what was admitted.
const upgrades = new EventEmitter();
const app = next({ dev, hostname: 'localhost', port, httpServer: upgrades });
const handle = app.getRequestHandler();
await app.prepare();

const server = createServer((request, response) => {
  const refused = refusal(request, allowed);
  if (refused) {
    response.writeHead(refused.status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    response.end(`${refused.text}\n`);
    return;
  }
  stripHeaders(request);
  const policy = contentPolicy({ dev, url });
  // Next takes the nonce for its scripts from the policy on the request.
  request.headers['content-security-policy'] = policy;
  request.headers[pageHeader] = request.url;
  setSecurityHeaders(response, policy, url);
  if (request.url === '/api/health') response.setHeader('x-cutover-instance', process.env.CUTOVER_INSTANCE ?? '');
  handle(request, response);
});

server.on('upgrade', (request, socket, head) => {
  const wanted = dev && request.url?.startsWith('/_next/') && !refusal(request, allowed, { upgrade: true });
  if (!wanted) socket.destroy();
  else upgrades.emit('upgrade', request, socket, head);
});

server.headersTimeout = 15_000;
server.requestTimeout = 60_000;
server.on('error', (error) => {
  process.stderr.write(`web: ${error.message}\n`);
  process.exit(1);
});
server.listen(port, host, () => process.stdout.write(`web: ${url.origin} (pid ${process.pid})\n`));

let ending = false;
function stop() {
  if (ending) return;
  ending = true;
  server.close(() => process.exit(0));
  // Open event streams would hold the server for ever.
  server.closeAllConnections();
  setTimeout(() => process.exit(0), 2_000).unref();
}
for (const name of ['SIGTERM', 'SIGINT']) process.on(name, stop);
// The launcher holds the other end: when it is gone, however it went, so are we.
process.on('disconnect', stop);
