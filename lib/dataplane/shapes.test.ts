import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

type Shape = { make(db: Database.Database): void; answers: Record<string, string> };
const folder = resolve('e2e/fixtures/shapes');
const shapes = readdirSync(folder).filter((name) => name.endsWith('.mjs'));

test.each(shapes)(
  '%s asks exactly what a person has to decide, and then arrives equal',
  { timeout: 60_000 },
  async (name) => {
    const shape = (await import(/* @vite-ignore */ join(folder, name))) as Shape;
    const file = await movedFile(name.replace('.mjs', ''), (db) => {
      db.exec('begin');
      shape.make(db);
      db.exec('commit');
    });
    const { open } = await file.findings();
    expect(open.map(({ key }) => key).sort()).toEqual(Object.keys(shape.answers).sort());
    const rules = Object.entries(shape.answers).map(([key, rule]) => ({ key, rule }));
    const moved = await moveWhole(file, rules);
    expect(moved).toMatchObject({ open: [], unlike: ['0', '0', '0'], differences: [], passed: true });
    expect(moved.equal).toBe(moved.rows);
  },
);
