import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '../..');

export default defineConfig({
  root,
  resolve: { alias: [{ find: /^@\//, replacement: `${root}/` }] },
  test: {
    environment: 'node',
    include: [
      '{app,components,db,lib}/**/*.test.{ts,tsx,mjs}',
      'e2e/fleet/**/*.test.{ts,mjs}',
      ...(process.env.CUTOVER_LONG === '1' ? ['lib/testing/security/*.proof.ts'] : []),
    ],
    exclude: ['node_modules/**', '.next/**', '.build/**'],
    globalSetup: ['lib/testing/test-cluster.ts'],
    // Child processes, never threads: better-sqlite3 and signals belong to a process.
    pool: 'forks',
    // Most of the time goes to waiting for PostgreSQL and for processes of the product; one file a core leaves none idle.
    maxWorkers: '100%',
    // For what hangs; a busy machine takes three times as long as a quiet one, and time alone must fail nothing.
    testTimeout: 60_000,
    hookTimeout: 90_000,
    passWithNoTests: true,
  },
});
