import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { digestOf, unlessFresh } from '@/lib/launcher/stamp.mjs';
import { tempDir } from '@/lib/testing/databases';

function folder() {
  const root = tempDir('stamp');
  mkdirSync(join(root, 'in'));
  mkdirSync(join(root, 'out'));
  writeFileSync(join(root, 'in', 'a'), '1');
  const proof = join(root, 'out', 'proof');
  const stampFile = join(root, 'out', 'stamp');
  let runs = 0;
  const step = (work = () => writeFileSync(proof, 'made')) =>
    unlessFresh({ stampFile, proof, digest: digestOf(root, ['in', 'missing']) }, async () => {
      runs += 1;
      work();
    });
  return { root, proof, stampFile, step, runs: () => runs };
}

it('does a step once for the same inputs, and again when a file changes or gets another name', async () => {
  const { root, step, runs } = folder();
  await step();
  await step();
  expect(runs()).toBe(1);
  writeFileSync(join(root, 'in', 'a'), '2');
  await step();
  expect(runs()).toBe(2);
  rmSync(join(root, 'in', 'a'));
  writeFileSync(join(root, 'in', 'b'), '2');
  await step();
  expect(runs()).toBe(3);
});

it('does a step again that was interrupted, also after an earlier good one', async () => {
  const { root, stampFile, step, runs } = folder();
  await step();
  writeFileSync(join(root, 'in', 'a'), '2');
  await expect(
    step(() => {
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  expect(existsSync(stampFile)).toBe(false);
  await step();
  expect(runs()).toBe(3);
});

it('does a step again whose output was deleted', async () => {
  const { proof, step, runs } = folder();
  await step();
  rmSync(proof);
  await step();
  expect(runs()).toBe(2);
});
