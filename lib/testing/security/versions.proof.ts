import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Locked = { version: string; integrity?: string; hasInstallScript?: boolean; link?: boolean };
const read = <T>(name: string): T => JSON.parse(readFileSync(name, 'utf8')) as T;
const own = read<{
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}>('package.json');
const { packages } = read<{ packages: Record<string, Locked> }>('package-lock.json');

/** Lowest version without a known way around sign-in or to run code. */
const floors: Record<string, [number, number, number]> = {
  next: [16, 3, 3],
  react: [19, 2, 1],
  'react-dom': [19, 2, 1],
};

const isBelow = (version: string, floor: readonly number[]): boolean => {
  const parts = version.split('.').map(Number);
  const at = floor.findIndex((least, index) => (parts[index] ?? 0) !== least);
  return at >= 0 && (parts[at] ?? 0) < (floor[at] ?? 0);
};

it('no locked version lies below its floor', () => {
  expect(isBelow('16.3.2', [16, 3, 3])).toBe(true);
  for (const [name, floor] of Object.entries(floors)) {
    const { version } = packages[`node_modules/${name}`] ?? { version: '0.0.0' };
    expect(isBelow(version, floor), `${name} ${version}`).toBe(false);
  }
});

it('every package has one exact version with its digest, and only named ones run a script when they are installed', () => {
  for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
  for (const [path, { integrity, link }] of Object.entries(packages))
    if (path && !link) expect(integrity, path).toMatch(/^sha512-/);
  const allowed = new Set(Object.keys(own.allowScripts).map((text) => text.replace(/@[\d.]+$/, '')));
  const scripts = Object.entries(packages).filter(([path, { hasInstallScript }]) => path && hasInstallScript);
  for (const [path] of scripts) expect(allowed, path).toContain(path.split('node_modules/').at(-1));
});

it('the image optimiser is off', async () => {
  const { default: config } = (await import('../../../next.config.mjs')) as { default: { images: object } };
  expect(config.images).toEqual({ unoptimized: true });
});
