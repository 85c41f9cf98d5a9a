const names = new Set([
  'forwarded',
  'x-real-ip',
  'x-matched-path',
  'x-nextjs-data',
  'content-security-policy',
  'content-security-policy-report-only',
]);
const prefixes = ['x-middleware-', 'x-forwarded-', 'x-invoke-', 'x-now-'];
const isSteering = (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));

/** Removes the headers by which a client could steer Next or name its own address, and sets the address of the socket. */
export function stripHeaders(request) {
  for (const name of Object.keys(request.headers)) if (isSteering(name)) delete request.headers[name];
  for (let at = request.rawHeaders.length - 2; at >= 0; at -= 2)
    if (isSteering(request.rawHeaders[at].toLowerCase())) request.rawHeaders.splice(at, 2);
  request.headers['x-forwarded-for'] = request.socket.remoteAddress ?? '';
}
