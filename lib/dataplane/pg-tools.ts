import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CutoverError } from '@/lib/errors';
import { redact } from '@/lib/shared/redact';
import { parseDsn } from './connect-target';
import type { Log, PgTools } from './types';

const run = promisify(execFile);
const debianRoot = '/usr/lib/postgresql';

const holdsTools = (dir: string): boolean =>
  ['pg_dump', 'pg_restore'].every((name) => {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** PG_BIN_DIR, then the distribution's highest version, then PATH. @throws CutoverError tool_missing */
export async function findPgTools(binDir: string | undefined = process.env.PG_BIN_DIR): Promise<PgTools> {
  const found = binDir
    ? [binDir].find(holdsTools)
    : [...debianDirs(), ...(process.env.PATH ?? '').split(delimiter)].find((dir) => dir && holdsTools(dir));
  if (!found)
    throw new CutoverError({
      code: 'tool_missing',
      message: `pg_dump and pg_restore were not found${binDir ? ` in ${binDir}` : ''}.`,
      advice: 'Install the PostgreSQL client tools, or set PG_BIN_DIR to their folder.',
    });
  const pgDump = join(found, 'pg_dump');
  const { stdout } = await run(pgDump, ['--version'], {
    env: { PATH: process.env.PATH ?? '' } as unknown as NodeJS.ProcessEnv,
  });
  const version = /(\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? '0';
  return { binDir: found, pgDump, pgRestore: join(found, 'pg_restore'), version, major: Number(version.split('.')[0]) };
}

function debianDirs(): string[] {
  try {
    return readdirSync(debianRoot)
      .filter((name) => /^\d+$/.test(name))
      .sort((a, b) => Number(b) - Number(a))
      .map((name) => join(debianRoot, name, 'bin'));
  } catch {
    return [];
  }
}

/** pg_dump refuses a server newer than itself. @throws CutoverError tool_too_old */
export function requireToolsFor(tools: PgTools, serverVersion: number): void {
  requireTool({ tool: 'pg_dump', version: tools.version, file: tools.pgDump }, serverVersion);
}

export type ClientTool = 'pg_dump' | 'pg_restore' | 'psql';
export type ToolFound = { tool: ClientTool; version: string; file: string };

/** A client tool beside pg_dump, and its version. @throws CutoverError tool_missing */
export async function findTool(tool: ClientTool, binDir = process.env.PG_BIN_DIR): Promise<ToolFound> {
  const { binDir: folder } = await findPgTools(binDir);
  const file = join(folder, tool);
  try {
    const { stdout } = await run(file, ['--version'], {
      env: { PATH: process.env.PATH ?? '' } as unknown as NodeJS.ProcessEnv,
    });
    return { tool, file, version: /(\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? '0' };
  } catch (cause) {
    throw new CutoverError(
      {
        code: 'tool_missing',
        message: `${tool} was not found in ${folder}, where pg_dump is.`,
        advice: 'Install the PostgreSQL client tools, or set PG_BIN_DIR to a folder that has all of them.',
      },
      { cause },
    );
  }
}

/** @throws CutoverError tool_too_old for a tool older than the server */
export function requireTool({ tool, version, file }: ToolFound, serverVersion: number): void {
  const server = Math.floor(serverVersion / 10_000);
  if (Number(version.split('.')[0]) >= server) return;
  const folder = dirname(file);
  throw new CutoverError({
    code: 'tool_too_old',
    message: `${tool} ${version} in ${folder} cannot ${tool === 'pg_dump' ? 'dump' : 'be trusted with'} server ${server}.`,
    advice: `Install client ${server} or set PG_BIN_DIR to the folder of its tools.`,
    facts: { tool: version, server },
  });
}

export type ToolRun = {
  dsn: string;
  program: string;
  args: readonly string[] /** folder for the password file */;
  dir: string;
  signal: AbortSignal;
  log?: Log | undefined;
};

/** Runs a PostgreSQL tool. Host, user and database go by environment, the password by a 0600 file that is removed again; nothing secret is in argv.
 *  @throws CutoverError tool_failed with the tool's own words */
export async function runTool({ dsn, program, args, dir, signal, log }: ToolRun): Promise<string> {
  const { host, port, user, password, database, ssl } = parseDsn(dsn);
  const passFile = join(dir, `.pass-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const escaped = (text: string) => text.replace(/[\\:]/g, '\\$&');
  try {
    await writeFile(passFile, `*:*:*:${escaped(user)}:${escaped(password)}\n`, { mode: 0o600, flag: 'wx' });
    await chmod(passFile, 0o600);
    const env = {
      PATH: process.env.PATH ?? '',
      LANG: 'C.UTF-8',
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGDATABASE: database,
      PGPASSFILE: passFile,
      PGCONNECT_TIMEOUT: '10',
      PGAPPNAME: 'cutover console',
      PGCLIENTENCODING: 'UTF8',
      PGSSLMODE: ssl ? 'require' : 'prefer',
    };
    return await waitFor(program, args, env, signal, log);
  } finally {
    await rm(passFile, { force: true });
  }
}

function waitFor(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  signal: AbortSignal,
  log: Log | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      env: env as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out = (said.out + text).slice(-1_000_000);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err = (said.err + text).slice(-20_000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      for (const line of said.err.split('\n').filter(Boolean)) log?.(code === 0 ? 'info' : 'error', redact(line));
      if (code === 0) resolve(said.out);
      else
        reject(
          new CutoverError({
            code: 'tool_failed',
            message: `${program} ended with code ${code}: ${redact(said.err.trim()).slice(-600)}`,
            advice: 'Read its words above; nothing half-made is kept.',
            facts: { code },
          }),
        );
    });
  });
}
