import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

// `npm run test:long -- <name>`: proofs that take minutes. Each ends in one line with its counts.
const root = resolve(import.meta.dirname, '../..');
const proofs = {
  walks: ['lib/launcher/main.mjs', 'walks'],
  'bad-inputs': ['lib/testing/long/bad-inputs.ts'],
  mutations: ['lib/testing/long/mutations.ts'],
  security: ['lib/launcher/main.mjs', 'security'],
  'random-schemas': ['lib/testing/long/random-schemas.ts'],
};

const [name, ...args] = process.argv.slice(2);
const proof = proofs[name];
if (!proof) {
  process.stderr.write(`Usage: npm run test:long -- ${Object.keys(proofs).join(' | ')}\n`);
  process.exit(2);
}
const { status } = spawnSync(process.execPath, ['--import', 'tsx', ...proof, ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
