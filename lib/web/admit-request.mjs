/** Public origin plus others named by hand (comma-separated). On loopback the spellings of this machine are one. */
export function allowedOrigins(url, more = '') {
  const origins = [
    url.origin,
    ...more
      .split(',')
      .map((text) => text.trim())
      .filter(Boolean)
      .map((text) => new URL(text).origin),
  ];
  return { origins: new Set(origins), hosts: new Set(origins.map((origin) => new URL(origin).host)) };
}

/** Header that may be sent once only; sent twice, a proxy and we could each believe another. */
const one = (request, name) => {
  const sent = request.headersDistinct?.[name];
  return sent && sent.length > 1 ? null : request.headers[name];
};

/**
 * Why a request is not answered, or null. Host must be ours (a rebound DNS name is not); everything but reading must
 * come from a page of ours.
 */
export function refusal(request, { origins, hosts }, { upgrade = false } = {}) {
  const host = one(request, 'host');
  if (!host || !hosts.has(host.toLowerCase()))
    return { status: 421, text: `This console answers at ${[...origins].join(', ')} only.` };
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (reads && !upgrade) return null;
  const origin = one(request, 'origin');
  if (origin && origins.has(origin)) return null;
  return { status: 403, text: 'The request does not come from a page of this console.' };
}
