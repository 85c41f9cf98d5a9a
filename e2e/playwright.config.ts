import { defineConfig } from '@playwright/test';
import { findChromium } from '../lib/launcher/find-chromium.mjs';

const shots = process.env.CUTOVER_SHOTS === '1';
const long = process.env.CUTOVER_LONG === '1';
// Chromium refuses its sandbox as root; the other flags keep it from calling home.
// Without a GPU the software one repaints every live mark and takes half a core: the plain compositor does not.
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Specs that stop or kill what others need, or hold the worker at a failpoint: alone, after all the others. */
const breaking = ['killed.spec.ts', 'pressing.spec.ts'];

const projects = [
  { name: 'walks', testMatch: '*.spec.ts', testIgnore: [...breaking, 'long/**'] },
  { name: 'breaking', testMatch: breaking, workers: 1, dependencies: ['walks'] },
];

export default defineConfig({
  testDir: '.',
  projects: shots
    ? [{ name: 'shots', testMatch: 'shots/**/*.shots.ts' }]
    : long
      ? [{ name: 'long', testMatch: ['long/**/*.spec.ts', 'closed-doors.spec.ts'] }]
      : projects,
  outputDir: '../.build/test/playwright',
  globalSetup: './support/start-console.ts',
  // One console, one fleet. Two specs at a time, each with a profile of its own: one waits while the other works.
  workers: shots || long ? 1 : 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // A long walk ends when nothing moves (e2e/support/walk.ts), not because its machine is busy.
  timeout: long ? 2_400_000 : shots ? 900_000 : 300_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json']],
  use: {
    headless: true,
    contextOptions: { reducedMotion: 'reduce' },
    // A press that never comes ends its test in a minute, not at the limit of the whole of it.
    actionTimeout: shots ? 60_000 : 0,
    // Recording slows a walk on two cores; whoever looks into a failure asks for it with CUTOVER_TRACE=1.
    trace: process.env.CUTOVER_TRACE === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...quiet],
    },
  },
});
