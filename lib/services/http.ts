import http from 'node:http';
import https from 'node:https';
import { CutoverError } from '@/lib/errors';

export type HttpCall = {
  method?: string;
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  json?: unknown;
};
export type HttpLimits = { timeoutMs?: number; maxBytes?: number; signal?: AbortSignal };
export type HttpAnswer = { status: number; headers: Record<string, string>; text: string; json: unknown; ms: number };

const MAX_BYTES = 65_536;
const TIMEOUT_MS = 5_000;

/** The address of a call. The path can never leave the instance that the fleet file names. */
export function callUrl(instance: string, call: HttpCall): URL {
  const base = new URL(instance);
  const url = new URL(call.path, base);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  if (url.origin !== base.origin || !['http:', 'https:'].includes(url.protocol)) {
    throw new CutoverError({
      code: 'input_invalid',
      message: `The path ${call.path} leads away from ${base.origin}.`,
      advice: 'Correct the path in the fleet file or the runbook; it must lie on the instance itself.',
    });
  }
  return url;
}

/**
 * One bounded call to an instance of a service: no redirects followed, no proxy, a new connection each time (a kept one
 * would outlive a restart), 64 kB and 5 s unless told otherwise.
 * @throws CutoverError service_unreachable on refusal, time-out or an answer over the limit
 */
export async function callService(instance: string, call: HttpCall, limits: HttpLimits = {}): Promise<HttpAnswer> {
  const url = callUrl(instance, call);
  const started = performance.now();
  try {
    const answer = await exchange(url, call, limits);
    return { ...answer, json: parseJson(answer.text), ms: Math.round((performance.now() - started) * 10) / 10 };
  } catch (thrown) {
    limits.signal?.throwIfAborted();
    const reason =
      thrown instanceof Error
        ? thrown.message || (thrown as NodeJS.ErrnoException).code || thrown.name
        : String(thrown);
    throw new CutoverError(
      {
        code: 'service_unreachable',
        message: `${call.method ?? 'GET'} ${url.origin}${url.pathname} got no answer: ${reason}.`,
        advice: 'See whether the service runs and its log; the call may be tried again.',
        retry: 'now',
        facts: { url: `${url.origin}${url.pathname}` },
      },
      { cause: thrown },
    );
  }
}

function exchange(url: URL, call: HttpCall, limits: HttpLimits): Promise<Omit<HttpAnswer, 'json' | 'ms'>> {
  const body = call.json === undefined ? null : Buffer.from(JSON.stringify(call.json));
  const timeoutMs = limits.timeoutMs ?? TIMEOUT_MS;
  const maxBytes = limits.maxBytes ?? MAX_BYTES;
  const timer = AbortSignal.timeout(timeoutMs);
  const signal = limits.signal ? AbortSignal.any([timer, limits.signal]) : timer;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method: call.method ?? 'GET',
        agent: false,
        signal,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(body ? { 'content-type': 'application/json', 'content-length': String(body.length) } : {}),
          ...call.headers,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > maxBytes) request.destroy(new Error(`the answer is longer than ${maxBytes} bytes`));
          else parts.push(part);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
            text: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', (error) => reject(timer.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error));
    request.end(body ?? undefined);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
