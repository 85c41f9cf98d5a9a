import type { ServiceEntry } from '@/lib/fleet/schema';
import { CutoverError } from '@/lib/errors';
import { callService } from './http';
import { readPath } from './json-path';

export type InstanceReading = {
  url: string;
  /** Backend mode in the system's own words; null when it could not be read. */
  observed: string | null;
  /** What the service itself said, before `modes`. */
  said: string | null;
  healthy: boolean;
  status: number | null;
  latencyMs: number | null;
  error: string | null;
};

/** One reading of one instance: health and backend mode from its own answer. Never throws for what the instance does. */
export async function observeInstance(
  service: ServiceEntry,
  url: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<InstanceReading> {
  const unknown = { url, observed: null, said: null, healthy: false, status: null, latencyMs: null };
  try {
    const answer = await callService(url, { path: service.observe.path, headers }, { timeoutMs: 3_000, signal });
    const told = readPath(answer.json, service.observe.mode);
    const said = typeof told === 'string' ? told.slice(0, 100) : null;
    const observed =
      said !== null && Object.hasOwn(service.observe.modes, said) ? (service.observe.modes[said] ?? null) : null;
    const good = answer.status >= 200 && answer.status < 300;
    return {
      url,
      observed: good ? observed : null,
      said,
      status: answer.status,
      latencyMs: answer.ms,
      healthy: good && readPath(answer.json, service.observe.ok) === true,
      error: complaint(service, answer.status, said, observed),
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { ...unknown, error: thrown instanceof CutoverError ? thrown.message : String(thrown) };
  }
}

function complaint(service: ServiceEntry, status: number, said: string | null, observed: string | null): string | null {
  if (status < 200 || status >= 300) return `${service.observe.path} answered ${status}.`;
  if (said === null) return `${service.observe.path} answered without ${service.observe.mode}.`;
  return observed === null
    ? `${service.observe.path} reports ${said}, which the fleet file does not list under modes.`
    : null;
}
