import { expect, it } from 'vitest';
import { allowedOrigins, refusal } from '@/lib/web/admit-request.mjs';
import { contentPolicy } from '@/lib/web/content-policy.mjs';
import { stripHeaders } from '@/lib/web/strip-headers.mjs';

const url = new URL('http://localhost:4400');
const allowed = allowedOrigins(url, 'https://cutover.example.org');
const request = (method: string, headers: Record<string, string>, distinct: Record<string, string[]> = {}) => ({
  method,
  headers,
  headersDistinct: distinct,
});

it('answers only under its own names, so a rebound DNS name reaches nothing', () => {
  expect(refusal(request('GET', { host: 'localhost:4400' }), allowed)).toBeNull();
  expect(refusal(request('GET', { host: 'cutover.example.org' }), allowed)).toBeNull();
  for (const host of ['evil.example', 'localhost:4401', 'localhost:4400.evil.example', ''])
    expect(refusal(request('GET', { host }), allowed)?.status).toBe(421);
  expect(
    refusal(request('GET', { host: 'localhost:4400' }, { host: ['localhost:4400', 'evil'] }), allowed)?.status,
  ).toBe(421);
});

it('takes writes and sockets only from its own pages', () => {
  const from = (origin?: string) => request('POST', { host: 'localhost:4400', ...(origin ? { origin } : {}) });
  expect(refusal(from('http://localhost:4400'), allowed)).toBeNull();
  for (const origin of [undefined, 'null', 'http://evil.example', 'http://localhost:4401'])
    expect(refusal(from(origin), allowed)?.status).toBe(403);
  const socket = request('GET', { host: 'localhost:4400', origin: 'http://evil.example' });
  expect(refusal(socket, allowed, { upgrade: true })?.status).toBe(403);
});

it('makes a new nonce for every answer and lets no inline script run without it', () => {
  const [one, two] = [contentPolicy({ dev: false, url }), contentPolicy({ dev: false, url })];
  expect(one).not.toBe(two);
  expect(one).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  expect(one.split(';').find((part) => part.includes('script-src'))).not.toMatch(/unsafe/);
});

it('lets no client steer Next or name its own address', () => {
  const raw = [
    'Host',
    'localhost:4400',
    'X-Middleware-Subrequest',
    'middleware',
    'X-Forwarded-For',
    '10.0.0.1',
    'Accept',
    '*/*',
  ];
  const steered = {
    headers: {
      host: 'localhost:4400',
      'x-middleware-subrequest': 'middleware',
      'x-forwarded-for': '10.0.0.1',
      'x-nextjs-data': '1',
      accept: '*/*',
    },
    rawHeaders: raw,
    socket: { remoteAddress: '127.0.0.1' },
  };
  stripHeaders(steered);
  expect(steered.headers).toEqual({ host: 'localhost:4400', accept: '*/*', 'x-forwarded-for': '127.0.0.1' });
  expect(steered.rawHeaders).toEqual(['Host', 'localhost:4400', 'Accept', '*/*']);
});
