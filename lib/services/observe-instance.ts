import type { ServiceEntry } from '@/lib/fleet/schema';
import { type Surface, surfacesOf, wholeMode } from '@/lib/fleet/surfaces';
import { CutoverError } from '@/lib/errors';
import { callService } from './http';
import { answerWords } from './answer-words';
import { readPath } from './json-path';

export type InstanceReading = {
  url: string;
  /** Backend mode in the system's own words; `mixed` where its surfaces differ; null when it could not be read. */
  observed: string | null;
  /** What the service itself said, before `modes`. */
  said: string | null;
  /** Each surface by itself; empty where the service tells one mode. */
  surfaces: { name: string; said: string | null; observed: string | null }[];
  /** What stays on purpose, as the service says now. */
  stays: { name: string; is: string; said: string | null }[];
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
  const unknown = { url, observed: null, said: null, surfaces: [], stays: [], healthy: false };
  try {
    const answer = await callService(url, { path: service.observe.path, headers }, { timeoutMs: 3_000, signal });
    const good = answer.status >= 200 && answer.status < 300;
    const told = surfacesOf(service).map((surface) => tell(surface, answer.json, good));
    const said = [...new Set(told.map((one) => one.said ?? 'nothing'))].join(', ');
    return {
      url,
      observed: wholeMode(told.map(({ observed }) => observed)),
      said: told.every((one) => one.said === null) ? null : said,
      surfaces: told.flatMap(({ surface: { name }, ...one }) => (name === null ? [] : [{ name, ...one }])),
      stays: Object.entries(service.observe.stays ?? {}).map(([name, { mode, is }]) => ({
        name,
        is,
        said: textAt(answer.json, mode),
      })),
      status: answer.status,
      latencyMs: answer.ms,
      healthy: good && saysOk(answer.json, service.observe.ok),
      error: complaint(service, answer.status, told, answer.text),
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    return {
      ...unknown,
      status: null,
      latencyMs: null,
      error: thrown instanceof CutoverError ? thrown.message : String(thrown),
    };
  }
}

/** What an instance says of one surface (null: of its one backend). */
export const modeOf = (reading: InstanceReading, surface: string | null): string | null =>
  surface === null ? reading.observed : (reading.surfaces.find(({ name }) => name === surface)?.observed ?? null);

/** One mode over these surfaces. */
export const modeOver = (reading: InstanceReading, surfaces: readonly Surface[]): string | null =>
  wholeMode(surfaces.map(({ name }) => modeOf(reading, name)));

export const saysOk = (answer: unknown, ok: ServiceEntry['observe']['ok']): boolean =>
  typeof ok === 'string' ? readPath(answer, ok) === true : readPath(answer, ok.path) === ok.equals;

type Told = { surface: Surface; said: string | null; observed: string | null };

function textAt(answer: unknown, path: string): string | null {
  const told = readPath(answer, path);
  return typeof told === 'string' ? told.slice(0, 100) : null;
}

function tell(surface: Surface, answer: unknown, good: boolean): Told {
  const said = textAt(answer, surface.path);
  const known = good && said !== null && Object.hasOwn(surface.modes, said);
  return { surface, said, observed: known ? (surface.modes[said] ?? null) : null };
}

function complaint({ observe: { path } }: ServiceEntry, status: number, told: Told[], text: string): string | null {
  if (status < 200 || status >= 300) {
    const words = answerWords(text);
    return `${path} answered ${status}${words ? `: ${words}` : ''}.`;
  }
  const silent = told.filter(({ said }) => said === null);
  if (silent.length) return `${path} answered without ${silent.map(({ surface }) => surface.path).join(', ')}.`;
  const strange = told.find(({ observed }) => observed === null);
  if (!strange) return null;
  const where = strange.surface.name === null ? '' : ` for ${strange.surface.name}`;
  return `${path} reports ${strange.said}${where}, which the fleet file does not list under modes.`;
}
