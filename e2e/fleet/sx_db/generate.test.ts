import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import { digestFile, generateFile } from './generate.mjs';

const spec = (path: string, seed: string, dirty = false) => ({
  path,
  seed,
  sources: [{ id: 'assets_3', label: 'three', videos: 300, dirty }],
});

describe('generate', () => {
  it('makes the same rows from the same seed, and others from another', () => {
    const folder = tempDir('generate');
    const [a, b, c] = ['a.db', 'b.db', 'c.db'].map((name) => join(folder, name)) as [string, string, string];
    generateFile(spec(a, 'seed 1'));
    generateFile(spec(b, 'seed 1'));
    generateFile(spec(c, 'seed 2'));
    expect(digestFile(b)).toBe(digestFile(a));
    expect(digestFile(c)).not.toBe(digestFile(a));
  });

  it('makes a sound WAL file with the shape of a real tenant, and never overwrites one', () => {
    const path = join(tempDir('generate'), 'a.db');
    generateFile(spec(path, 'seed'));
    const db = new Database(path, { readonly: true });
    const count = (table: string) => db.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get() as number;
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect([count('videos'), count('csv_consolidated_raw'), count('videos_fts')]).toEqual([300, 300, 300]);
    expect(count('user_meta') / 300).toBeCloseTo(0.7, 0);
    expect(db.prepare('SELECT source_id, id FROM videos_fts LIMIT 1').get()).toEqual({ source_id: null, id: null });
    db.close();
    expect(() => generateFile(spec(path, 'seed'))).toThrow('not overwritten');
  });

  it('holds exactly the dirt that a preflight must count', () => {
    const path = join(tempDir('generate'), 'dirty.db');
    generateFile(spec(path, 'seed', true));
    const db = new Database(path, { readonly: true });
    const count = (sql: string) => db.prepare(`SELECT COUNT(*) FROM ${sql}`).pluck().get();
    expect(count('videos WHERE hearts > 2147483647')).toBe(3);
    expect(count("video_notes WHERE instr(CAST(markdown AS BLOB), x'00') > 0")).toBe(1);
    expect(count("videos WHERE typeof(videos_count) = 'text'")).toBe(1);
    expect(count("videos WHERE hex(caption) = '636166E9206C61747465'")).toBe(1);
    expect((db.pragma('foreign_key_check') as unknown[]).length).toBe(2);
    db.close();
  });
});
