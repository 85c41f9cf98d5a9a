import { expect, it } from 'vitest';
import { timed } from '@/lib/launcher/say.mjs';

it('says that a long step still works when nobody watches a terminal, and then how long it took', async () => {
  const told: string[] = [];
  let enough: () => void = () => undefined;
  const out = {
    isTTY: false,
    write(text: string) {
      told.push(text);
      if (told.length === 2) enough();
      return true;
    },
  } as unknown as typeof process.stdout;
  await timed('packages (npm ci)', () => new Promise<void>((resolve) => (enough = resolve)), out, 5);
  const last = told.at(-1) ?? '';
  expect(told[0]).toMatch(/^ {2}packages \(npm ci\) … \d+ s, still at it\n$/);
  expect(last).toMatch(/^ {2}packages \(npm ci\) +\d+\.\d s\n$/);
});
