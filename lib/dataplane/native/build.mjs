import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { digestOf, unlessFresh } from '../../launcher/stamp.mjs';

const here = import.meta.dirname;
const root = join(here, '..', '..', '..');
const built = join(root, '.build');
export const acceleratorFile = join(built, 'copy-page.sqlite-extension');

/** Folders that hold sqlite3ext.h: the one better-sqlite3 was built from first, so that both agree. */
function headerFolder() {
  const own = createRequire(import.meta.url).resolve('better-sqlite3/package.json');
  const folders = [
    join(dirname(own), 'deps', 'sqlite3'),
    '/usr/include',
    '/usr/local/include',
    '/opt/homebrew/include',
  ];
  return folders.find((folder) => existsSync(join(folder, 'sqlite3ext.h'))) ?? null;
}

const compilers = () => [process.env.CC, 'cc', 'gcc', 'clang'].filter(Boolean);

function compile(compiler, headers, out) {
  const shared = process.platform === 'darwin' ? ['-dynamiclib', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const flags = ['-O3', '-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra', '-I', headers];
  execFileSync(compiler, [...flags, ...shared, '-o', out, join(here, 'copy-page.c')], { stdio: 'pipe' });
}

/** Builds the accelerator where a compiler is. Never fails: without it everything runs, slower. @returns why it was not built, or '' */
export async function buildAccelerator() {
  mkdirSync(built, { recursive: true });
  const headers = headerFolder();
  if (!headers) return 'no sqlite3ext.h was found';
  const digest = digestOf(root, ['lib/dataplane/native', 'package-lock.json'], {
    keep: (file) => /\.(c|h)$|build\.mjs$/.test(file),
    extra: readFileSync(join(headers, 'sqlite3ext.h'), 'utf8').length.toString(),
  });
  let reason = 'no C compiler was found';
  await unlessFresh({ stampFile: join(built, 'accelerator.stamp'), digest, proof: acceleratorFile }, () => {
    rmSync(acceleratorFile, { force: true });
    const folder = mkdtempSync(join(built, 'accelerator-'));
    for (const compiler of compilers())
      try {
        compile(compiler, headers, join(folder, 'out'));
        // A process that runs now keeps the file it has open.
        renameSync(join(folder, 'out'), acceleratorFile);
        break;
      } catch (error) {
        if (error.code !== 'ENOENT')
          reason = `${compiler} failed: ${String(error.stderr ?? error.message).slice(0, 400)}`;
      }
    rmSync(folder, { recursive: true, force: true });
  });
  return existsSync(acceleratorFile) ? '' : reason;
}

if (process.argv[1] === import.meta.filename) {
  const reason = await buildAccelerator();
  process.stdout.write(reason ? `not built: ${reason}\n` : `${acceleratorFile}\n`);
}
