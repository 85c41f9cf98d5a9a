import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const tools = ['initdb', 'pg_ctl', 'postgres', 'psql', 'pg_dump', 'pg_restore'];

const run = (command, args) => {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim() : '';
};

/** Major version of a folder of PostgreSQL tools, or null unless all of them are there and agree. */
export function majorOf(binDir) {
  const majors = tools.map((tool) => {
    const path = join(binDir, tool);
    if (!existsSync(path)) return null;
    return /\(PostgreSQL\)\s+(\d+)/.exec(run(path, ['--version']))?.[1] ?? null;
  });
  return majors[0] && majors.every((major) => major === majors[0]) ? Number(majors[0]) : null;
}

const versionsIn = (parent, pattern, tail) =>
  existsSync(parent)
    ? readdirSync(parent)
        .map((name) => [Number(pattern.exec(name)?.[1] ?? 0), join(parent, name, tail)])
        .filter(([version]) => version > 0)
        .sort((a, b) => b[0] - a[0])
        .map(([, path]) => path)
    : [];

function* candidates(env) {
  if (env.PG_BIN_DIR) {
    // A folder named by hand is the only one asked: a silent fall-back would use other tools than the ones named.
    yield env.PG_BIN_DIR;
    return;
  }
  const configured = run('pg_config', ['--bindir']);
  if (configured) yield configured;
  yield* versionsIn('/usr/lib/postgresql', /^(\d+)$/, 'bin');
  yield* versionsIn('/usr', /^pgsql-(\d+)$/, 'bin');
  for (const cellar of ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'])
    yield* versionsIn(cellar, /^postgresql@(\d+)$/, 'bin');
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const initdb = join(folder, 'initdb');
    if (folder && existsSync(initdb)) yield dirname(realpathSync(initdb));
  }
}

/**
 * The first folder with a whole set of tools.
 * @param {Record<string, string | undefined>} env
 * @returns {{ binDir: string, major: number } | null}
 */
export function findPostgres(env = process.env) {
  for (const binDir of candidates(env)) {
    const major = majorOf(binDir);
    if (major) return { binDir, major };
  }
  return null;
}
