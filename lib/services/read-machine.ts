import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { SystemEntry } from '@/lib/fleet/schema';
import type { MachineReading } from '@/lib/shared/machine-reading';

const tools = ['pg_dump', 'pg_restore', 'psql'];
const toolMs = 5_000;

/** Names of every secret that these systems refer to. */
export function secretNames(systems: SystemEntry[]): string[] {
  const names = systems.flatMap(({ profiles, services }) => [
    ...profiles.flatMap(({ target }) => [target.dsn_env, target.admin_dsn_env]),
    ...services.flatMap(({ freeze, restart }) => [
      freeze?.token_secret,
      ...(restart.kind === 'managed' ? restart.env_secrets : []),
    ]),
  ]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** What this machine has: client tools, room, and which named secrets are set. No value of a secret is read into it.
 *  @param isSet whether a secret of that name is there */
export async function readMachine(given: {
  home: string;
  systems: SystemEntry[];
  isSet(name: string): boolean;
  binDir?: string | undefined;
}): Promise<MachineReading> {
  const { bavail, bsize } = await statfs(given.home);
  return {
    node: process.version,
    freeBytes: (BigInt(bavail) * BigInt(bsize)).toString(),
    secrets: secretNames(given.systems).map((name) => ({ name, set: given.isSet(name) })),
    tools: await Promise.all(tools.map((name) => readTool(name, given.binDir))),
  };
}

async function readTool(
  name: string,
  binDir: string | undefined,
): Promise<NonNullable<MachineReading['tools']>[number]> {
  const found = await execa(binDir ? path.join(binDir, name) : name, ['--version'], {
    reject: false,
    timeout: toolMs,
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
  return found.failed
    ? {
        name,
        version: null,
        problem: found.code === 'ENOENT' ? 'not found' : `exit ${found.exitCode ?? found.signal ?? 'unknown'}`,
      }
    : { name, version: found.stdout.split('\n')[0]?.trim() ?? '', problem: null };
}
