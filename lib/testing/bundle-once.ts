import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Processes of the product, bundled once per test file as the launcher does, and removed after it.
 *  @param entryPoints name → file below the repository
 *  @returns gives the folder of `<name>.mjs` */
export function bundleOnce(name: string, entryPoints: Record<string, string>): () => Promise<string> {
  let bundled: Promise<string> | null = null;
  afterAll(async () => {
    if (bundled) rmSync(await bundled, { recursive: true, force: true });
  });
  return () => (bundled ??= bundle(path.join(root, '.build', `${name}-${process.pid}`), entryPoints));
}

async function bundle(outdir: string, entryPoints: Record<string, string>): Promise<string> {
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return outdir;
}
