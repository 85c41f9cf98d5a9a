import { expect, test } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { PlantingGround } from '@/lib/testing/planted-changes';
import { seeded } from '@/lib/testing/seeded';

test('finds fifty single changes planted by chance on either side, names the column, and gives no false alarm in between', {
  timeout: 120_000,
}, async () => {
  const database = await testDatabase('planted');
  const ground = await PlantingGround.open(database.dsn, tempDir('planted'));
  const random = seeded('a sample of the planted changes');
  try {
    const missed = [];
    for (let i = 0; i < 50; i += 1) {
      const planted = await ground.plant(random);
      if (!planted.found) missed.push(planted);
      if (i % 10 === 0) expect(await ground.isClean()).toBe(true);
    }
    expect(missed).toEqual([]);
  } finally {
    await ground.close();
  }
});
