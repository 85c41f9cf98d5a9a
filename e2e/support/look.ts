import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What is wrong with the page as it stands now, in words; empty when nothing is. */
export async function findTroubles(page: Page, axeRules: string[] = []): Promise<string[]> {
  return [...(await findSideways(page)), ...(await findClippedText(page)), ...(await findAxeTroubles(page, axeRules))];
}

/** What a change of theme alone can break. */
export const rulesOfTheme = ['color-contrast', 'link-in-text-block'];

/** Serious and critical findings of axe. @param rules only these, for a page whose others were looked at already */
export async function findAxeTroubles(page: Page, rules: string[] = []): Promise<string[]> {
  // Legacy mode opens no second window for each of hundreds of pages; the console has no frames.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({
    resultTypes: ['violations'],
    ...(rules.length ? { runOnly: { type: 'rule', values: rules } } : {}),
  });
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

/** A page scrolls sideways only inside a part that is made for it. */
export async function findSideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.scrollingElement ?? document.documentElement;
    const wide = root.scrollWidth - root.clientWidth;
    return wide > 0 ? [`scrolls sideways by ${wide} px`] : [];
  });
}

/** What is measured at once after a change of width is the page on its way. */
const softly = expect.configure({ soft: true });

/** Both themes by axe, and the narrow width; a page that does not hold is named and the others are still looked at. */
export async function look(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('main').first()).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect.soft(await findAxeTroubles(page), `${path}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect.soft(await findAxeTroubles(page, rulesOfTheme), `${path}, light`).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await softly.poll(() => findSideways(page), `${path}, 390 px`).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** Text cut off by an edge that neither scrolls nor shows an ellipsis. */
export async function findClippedText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const slack = 2;
    type Edge = { box: DOMRect; x: boolean; y: boolean; clipped: boolean };

    /** Boxes around a text that cut it; none beyond one that scrolls that way, or that cuts on purpose. */
    function edgesAround(start: Element): Edge[] {
      const edges: Edge[] = [];
      let x = true;
      let y = true;
      for (let at: Element | null = start; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        const clamped = style.webkitLineClamp !== 'none';
        if (style.textOverflow === 'ellipsis' || /auto|scroll/.test(style.overflowX)) x = false;
        if (clamped || /auto|scroll/.test(style.overflowY)) y = false;
        const cutsX = x && /hidden|clip/.test(style.overflowX);
        const cutsY = y && /hidden|clip/.test(style.overflowY);
        if (cutsX || cutsY)
          edges.push({ box: at.getBoundingClientRect(), x: cutsX, y: cutsY, clipped: style.clipPath !== 'none' });
        if (style.position === 'fixed') break;
      }
      return edges;
    }

    /** A skip link has padding, so that its size alone does not tell. */
    const onlySpoken = ({ box, clipped }: Edge) => clipped || box.width <= 1 || box.height <= 1;
    const cuts = ({ box, x, y }: Edge, text: DOMRect) =>
      (x && (text.right > box.right + slack || text.left < box.left - slack)) ||
      (y && (text.bottom > box.bottom + 4 || text.top < box.top - 4));

    const found = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const words = node.textContent?.trim() ?? '';
      if (!words || !parent?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (parent.closest('script, style, svg, [aria-hidden="true"]')) continue;
      const edges = edgesAround(parent);
      if (edges.some(onlySpoken)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const text of range.getClientRects())
        if (text.width > 0 && edges.some((edge) => cuts(edge, text))) found.add(`cut off: “${words.slice(0, 60)}”`);
    }
    return [...found];
  });
}
