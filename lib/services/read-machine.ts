import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { acceleratorProblem } from '@/lib/dataplane';
import type { SystemEntry } from '@/lib/fleet/schema';
import { secretsOfProfile, secretsOfService } from '@/lib/fleet/secret-names';
import type { MachineReading, TargetReading } from '@/lib/shared/machine-reading';

const tools = ['pg_dump', 'pg_restore', 'psql'];
const toolMs = 5_000;

/** Names of the DSNs that these systems refer to, and whether their role makes schemas. */
export function dsnNames(systems: SystemEntry[]): { name: string; makesSchemas: boolean }[] {
  const targets = systems.flatMap(({ profiles }) => profiles.map(({ target }) => target));
  const own = new Set(targets.map(({ dsn_env }) => dsn_env));
  const all = new Set([...own, ...targets.flatMap(({ admin_dsn_env }) => (admin_dsn_env ? [admin_dsn_env] : []))]);
  return [...all].sort().map((name) => ({ name, makesSchemas: own.has(name) }));
}

/** Names of every secret that these systems refer to. */
export function secretNames(systems: SystemEntry[]): string[] {
  const names = systems.flatMap(({ profiles, services }) => [
    ...profiles.flatMap(secretsOfProfile),
    ...services.flatMap(secretsOfService),
  ]);
  return [...new Set(names)].sort();
}

/** What this machine has: client tools, room, which named secrets are set, and where the DSNs among them lead. No value of
 *  a secret is read into it.
 *  @param isSet whether a secret of that name is there
 *  @param readTarget connects to one DSN; null when the one who was to connect died of it */
export async function readMachine(given: {
  home: string;
  systems: SystemEntry[];
  isSet(name: string): boolean;
  binDir?: string | undefined;
  readTarget?: (question: { name: string; makesSchemas: boolean }) => Promise<TargetReading | null>;
}): Promise<MachineReading> {
  const { bavail, bsize } = await statfs(given.home);
  const asked = given.readTarget ? dsnNames(given.systems).filter(({ name }) => given.isSet(name)) : [];
  return {
    at: new Date().toISOString(),
    node: process.version,
    accelerator: acceleratorProblem(),
    freeBytes: (BigInt(bavail) * BigInt(bsize)).toString(),
    secrets: secretNames(given.systems).map((name) => ({ name, set: given.isSet(name) })),
    tools: await Promise.all(tools.map((name) => readTool(name, given.binDir))),
    targets: await Promise.all(asked.map(async (one) => (await given.readTarget?.(one)) ?? unanswered(one.name))),
  };
}

const unanswered = (name: string): TargetReading => ({
  name,
  at: new Date().toISOString(),
  error: {
    code: 'child_died',
    message: `The process that was to connect with ${name} ended without an answer.`,
    advice: 'Check again; if it stays so, read the log of the worker.',
  },
  server: null,
  probes: [],
  tools: null,
});

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
