import { defineConfig } from '@playwright/test';
import { findChromium } from '../lib/launcher/find-chromium.mjs';

const shots = process.env.CUTOVER_SHOTS === '1';
// Chromium refuses its sandbox as root; the other flags keep it from calling home.
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: '.',
  testMatch: shots ? 'shots/**/*.shots.ts' : '**/*.spec.ts',
  outputDir: '../.build/test/playwright',
  globalSetup: './support/start-console.ts',
  // One console, one fleet: specs run one after another, each with a profile of its own.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: shots ? 120_000 : 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  use: {
    headless: true,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...quiet],
    },
  },
});
