import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { findTroubles, rulesOfTheme } from '../support/look';

export const root = join(import.meta.dirname, '..', '..');
export const shotsFolder = join(root, '.build', 'shots');
export const themes = ['dark', 'light'] as const;
export const widths = [1440, 390] as const;
const heights = { 1440: 900, 390: 844 } as const;

/** Takes a page that stands still, its clock with it, in both themes and both widths. */
export async function shoot(page: Page, name: string, state: string, at?: Locator): Promise<void> {
  await page.clock.setFixedTime(new Date());
  await shootLive(page, name, state, at);
}

/**
 * Takes a page that goes on living, says what is wrong with each of its four pictures, and lets the test go on.
 * @param at what must be seen, where that is further down
 */
export async function shootLive(page: Page, name: string, state: string, at?: Locator): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] });
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await at?.evaluate((part) => part.scrollIntoView({ block: 'center' }));
      await settle(page);
      const path = join(shotsFolder, name, `${state}.${theme}.${width}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
      const troubles = await findTroubles(page, theme === 'dark' ? [] : rulesOfTheme);
      expect.soft(troubles, `${name}, ${state}, ${theme}, ${width} px`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** A picture of the README, at double density. One that lies in the repository stays until somebody deletes it. */
export async function shootForReadme(page: Page, name: string): Promise<void> {
  const path = join(root, '.github', `${name}.png`);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  await settle(page);
  await page.screenshot({ path, scale: 'device', animations: 'disabled', caret: 'hide' });
  expect(statSync(path).size, `${name}.png stays small`).toBeLessThan(900_000);
}

/** Fonts are there and two frames are drawn. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}
