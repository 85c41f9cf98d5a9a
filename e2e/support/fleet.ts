import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseEnv } from '../../lib/services/env-file';
import { compareIndependently, runPsql, type Comparison } from './compare-independently';
import { home } from './people';

/** The demo fleet's own DSN of a system's target, as the worker has it. */
export const targetDsn = (name = 'SX_POSTGRES_DSN'): string =>
  parseEnv(readFileSync(`${home()}/secrets.env`, 'utf8'))[name] ?? '';

/** Every row of a profile on both sides, by the `sqlite3` and `psql` programs. */
export const compareProfile = (sourceId: string, file: string): Comparison[] =>
  compareIndependently({
    sqlitePath: `${home()}/fleet/data/${file}`,
    sourceId,
    dsn: targetDsn(),
    schema: `sx_${sourceId.replace(/[.-]/g, '_')}`,
  });

/** One value of a system's target, by `psql`. */
export const queryTarget = (sql: string, dsnName?: string): string => runPsql(targetDsn(dsnName), sql).trim();

type Items = { items: { id: string }[] };
type Services = { systems: { services: { name: string; instances: string[] }[] }[] };

/** Where a service of the demo listens. */
export function serviceUrl(name: string): string {
  const fleet = parse(readFileSync(`${home()}/fleet/fleet.yaml`, 'utf8')) as Services;
  const services = fleet.systems.flatMap((system) => system.services);
  return services.find((service) => service.name === name)?.instances[0] ?? '';
}

/** A user of one profile, who asks its service and nothing else. */
export function callService(sourceId: string, service: string) {
  const headers = { 'X-SX-Source-ID': sourceId, 'content-type': 'application/json' };
  const api = serviceUrl(service);
  const backend = async (): Promise<string> => {
    const health = (await (await fetch(`${api}/health`, { headers })).json()) as { backend: { backend: string } };
    return health.backend.backend;
  };
  const firstItem = async (): Promise<string> => {
    const { items } = (await (await fetch(`${api}/items?limit=1&order=author`, { headers })).json()) as Items;
    return items[0]?.id ?? '';
  };
  return {
    backend,
    /** Writes the note of the profile's first item. */
    async saveNote(markdown: string) {
      const item = await firstItem();
      const body = JSON.stringify({ markdown });
      const { status } = await fetch(`${api}/items/${item}/note-md`, { method: 'PUT', headers, body });
      return { status, item, backend: await backend() };
    },
    async readNote() {
      const answer = await fetch(`${api}/items/${await firstItem()}/note`, { headers });
      const { markdown } = (await answer.json()) as { markdown: string };
      return { markdown, backend: await backend() };
    },
  };
}
