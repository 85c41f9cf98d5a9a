import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { bundleOnce } from '@/lib/testing/bundle-once';
import { tempDir, testDatabase, type TestDatabase } from '@/lib/testing/databases';

const root = path.resolve(import.meta.dirname, '../../..');
/** Command line and step child. */
const bundle = bundleOnce('cli-test', {
  cli: 'lib/cli/main.ts',
  'step-child': 'lib/worker/step-child.ts',
});

export type Ended = { code: number | null; out: string; err: string };
export type CommandLine = {
  /** Where the person stands: the files are here. */
  folder: string;
  home: string;
  database: TestDatabase;
  /** The target is named by env:TARGET in every call. */
  cutover(...argv: string[]): Promise<Ended>;
  /** The same without waiting. */
  start(...argv: string[]): { child: ChildProcess; ended: Promise<Ended> };
  /** Makes ./<name> from SQL. */
  file(name: string, sql: string): string;
  arm(name: string, content: 'block' | 'kill' | 'error'): void;
  failpoints: string;
};

/** The real command in processes of its own, with a folder, a data folder and a database of its own.
 *  @param more variables on top, such as a fleet file */
export async function commandLine(more: Record<string, string> = {}): Promise<CommandLine> {
  const built = await bundle();
  const database = await testDatabase('cli');
  const folder = tempDir('cli-files');
  const home = tempDir('cli-home');
  const failpoints = tempDir('cli-failpoints');
  mkdirSync(failpoints, { recursive: true });
  const { CUTOVER_RUNBOOKS } = process.env;
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    ...(CUTOVER_RUNBOOKS ? { CUTOVER_RUNBOOKS } : {}),
    PATH: process.env.PATH ?? '',
    HOME: home,
    CUTOVER_HOME: home,
    CUTOVER_CWD: folder,
    CUTOVER_FAILPOINTS: failpoints,
    PG_BIN_DIR: process.env.PG_BIN_DIR ?? '',
    TARGET: database.dsn,
    ...more,
  };
  const start: CommandLine['start'] = (...argv) => {
    const child = spawn(process.execPath, [path.join(built, 'cli.mjs'), ...argv], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Ended = { code: null, out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ ...said, code }))) };
  };
  return {
    folder,
    home,
    database,
    failpoints,
    start,
    cutover: (...argv) => start(...argv).ended,
    file(name, sql) {
      const made = path.join(folder, name);
      const db = new Database(made);
      db.exec(sql);
      db.close();
      return made;
    },
    arm: (name, content) => writeFileSync(path.join(failpoints, name), content),
  };
}
