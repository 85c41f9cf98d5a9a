import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '@/lib/testing/seeded';
import { createDatabase } from '@/lib/testing/databases';
import { PlantingGround } from '@/lib/testing/planted-changes';
import openCluster from '@/lib/testing/test-cluster';

/** A thousand single changes, each planted alone and looked for by the row diff; and a hundred comparisons of equal sides. */
const [plants, cleanRuns] = [Number(process.argv[2] ?? 1000), 100];
const seed = process.argv[3] ?? '20261121';

const closeCluster = await openCluster();
const dir = mkdtempSync(join(tmpdir(), 'cutover-planted-'));
const database = await createDatabase('planted');
const ground = await PlantingGround.open(database.dsn, dir);
const random = seeded(`planted ${seed}`);
let [found, alarms] = [0, 0];
try {
  for (let i = 0; i < plants; i += 1) {
    const { found: seen, ...planted } = await ground.plant(random);
    if (seen) found += 1;
    else process.stdout.write(`not found: ${JSON.stringify(planted)}\n`);
    if (i % Math.ceil(plants / cleanRuns) === 0 && !(await ground.isClean())) alarms += 1;
    if ((i + 1) % 100 === 0) process.stdout.write(`${i + 1} planted, ${found} found\n`);
  }
} finally {
  await ground.close();
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
  await closeCluster();
}
const runs = Math.ceil(plants / Math.ceil(plants / cleanRuns));
process.stdout.write(`seed ${seed}\n`);
process.stdout.write(
  `planted differences: ${found} of ${plants} found, ${alarms} false alarms in ${runs} clean runs\n`,
);
process.exit(found === plants && alarms === 0 ? 0 : 1);
