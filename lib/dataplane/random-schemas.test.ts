import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';
import { randomSchema } from '@/lib/testing/random-schema';

/** CUTOVER_SEED repeats one of them, or begins elsewhere; CUTOVER_SCHEMAS says how many. */
const first = Number(process.env.CUTOVER_SEED ?? 1);
const length = Number(process.env.CUTOVER_SCHEMAS ?? 8);

test.each(Array.from({ length }, (_, i) => first + i))(
  'random schema %i is designed, made, loaded and found equal',
  { timeout: 30_000 },
  async (seed) => {
    const statements = randomSchema(seed);
    const file = await movedFile(`random${seed}`, (db) => {
      db.exec('begin');
      for (const sql of statements) db.exec(sql);
      db.exec('commit');
    });
    const { all } = await file.findings();
    const rules = all.flatMap(({ key, blocking, rules: [rule] }) =>
      blocking && rule ? [{ key, rule: rule.name }] : [],
    );
    const moved = await moveWhole(file, rules);
    expect({ seed, ...moved }).toMatchObject({ open: [], unlike: ['0', '0', '0'], differences: [], passed: true });
    expect(moved.equal).toBe(moved.rows);
    // Nothing of these shapes is beyond translation but by design: what is asked is listed.
    expect([...new Set(all.filter(({ blocking }) => blocking).map(({ code }) => code))]).toEqual([]);
  },
);
