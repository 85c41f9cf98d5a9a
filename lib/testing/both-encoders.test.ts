import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { caseNames, readCase } from '@/e2e/fixtures/bad-inputs/support/run-case';
import { encodeFile, targetColumn } from './both-encoders';
import { tempDir } from './databases';

const types = [
  'int4',
  'int8',
  'float8',
  'numeric',
  'bool',
  'text',
  'bytea',
  'uuid',
  'json',
  'jsonb',
  'date',
  'timestamp',
  'timestamptz',
];

test('the accelerator and the TypeScript encoder give the same bytes for every bad input, whatever type its columns go into', {
  timeout: 120_000,
}, async () => {
  const dir = tempDir('bad-inputs-both');
  const apart: string[] = [];
  let compared = 0;
  for (const name of caseNames()) {
    const one = await readCase(name);
    if (one.kind !== 'values') continue;
    const path = join(dir, `${name}.sqlite`);
    const db = new Database(path);
    db.pragma('foreign_keys = off');
    db.exec(one.input.sqlite);
    db.close();
    for (const type of [...types.map((word) => targetColumn(word)), targetColumn('varchar', { maxChars: 5 })]) {
      const [fast, plain] = [true, false].map(
        (accelerated) => encodeFile(path, { accelerated, typeOf: () => type }).tables,
      );
      compared += fast?.length ?? 0;
      const strip = (tables: typeof fast) => JSON.stringify(tables?.map((table) => ({ ...table, native: 0 })));
      if (strip(fast) !== strip(plain)) apart.push(`${name} as ${type.type}`);
    }
  }
  expect(apart).toEqual([]);
  expect(compared).toBeGreaterThan(300);
});
