import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

// `npm run verify`: format, lint, layers, types, freshness of generated files. No database; seconds.
const root = resolve(import.meta.dirname, '../..');
const bin = (...parts) => join(root, 'node_modules', ...parts);
const node = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;

// Next writes this file; without it TypeScript knows no style sheet.
if (!existsSync(join(root, 'next-env.d.ts'))) node([bin('next', 'dist', 'bin', 'next'), 'typegen']);

const parts = [
  [
    'format and lint',
    [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--config-path', 'lib/testing', '--error-on-warnings'],
  ],
  ['types', [bin('typescript', 'bin', 'tsc'), '--noEmit']],
  ['generated files', [join(root, 'lib/testing/gen.mjs'), '--check']],
];

let failed = 0;
for (const [name, args] of parts) {
  const started = Date.now();
  const passed = node(args);
  if (!passed) failed += 1;
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}
process.stdout.write(`verify: ${parts.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed;
