import net from 'node:net';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { type ProcessRecord, runningProcess } from './managed-process';

export type DownReading = {
  /** The managed process that lives; null: none, or the console does not run this service. */
  running: ProcessRecord | null;
  /** Whether something listens where an instance should be; null: neither taken nor refused within 3 s. */
  ports: { url: string; listening: boolean | null }[];
};

/** Looks for a process and for listeners. No answer to a request proves nothing: a process that hangs gives none and may write. */
export async function readDown(service: ServiceEntry, signal?: AbortSignal): Promise<DownReading> {
  const ports = await Promise.all(
    service.instances.map(async (url) => ({ url, listening: await isListening(url, signal) })),
  );
  // Read last: a process that was started meanwhile does not listen yet.
  return { running: service.restart.kind === 'managed' ? runningProcess(service.name) : null, ports };
}

/** Nothing of the service is left: no process that the console knows of, and every port refuses. */
export const isDown = ({ running, ports }: DownReading): boolean =>
  running === null && ports.every(({ listening }) => listening === false);

/** Whether a connection to an instance is taken. Only a refusal by its host is a no. */
export function isListening(url: string, signal?: AbortSignal): Promise<boolean | null> {
  const { hostname, port, protocol } = new URL(url);
  signal?.throwIfAborted();
  return new Promise((resolve) => {
    const socket = net.connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      timeout: 3_000,
    });
    const said = (listening: boolean | null): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => said(true));
    socket.once('timeout', () => said(null));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => said(code === 'ECONNREFUSED' ? false : null));
  });
}

/** What was seen of one instance, for evidence and refusals. */
export const portWords = (listening: boolean | null): string =>
  listening === null ? 'no connection, and no refusal either' : listening ? 'its port is open' : 'its port is closed';
