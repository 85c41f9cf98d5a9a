import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

function* candidates(env) {
  if (env.CHROMIUM_PATH) {
    yield env.CHROMIUM_PATH;
    return;
  }
  for (const folder of (env.PATH ?? '').split(delimiter))
    for (const name of names) if (folder) yield join(folder, name);
  yield '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  yield '/Applications/Chromium.app/Contents/MacOS/Chromium';
  yield* playwrights(env);
}

function* playwrights(env) {
  const folders = [
    env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache/ms-playwright'),
    join(homedir(), 'Library/Caches/ms-playwright'),
  ];
  for (const folder of folders) {
    if (!folder || !existsSync(folder)) continue;
    for (const build of readdirSync(folder)
      .filter((name) => /^chromium-\d+$/.test(name))
      .sort()
      .reverse())
      for (const tail of [
        'chrome-linux/chrome',
        'chrome-linux64/chrome',
        'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
      ])
        yield join(folder, build, tail);
  }
}

/**
 * Path of a Chromium for the browser tests: CHROMIUM_PATH, the system's, Playwright's; null without one.
 * @param {Record<string, string | undefined>} env
 */
export function findChromium(env = process.env) {
  for (const path of candidates(env)) if (existsSync(path)) return path;
  return null;
}
