import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import { pruneCopies } from './prune-copies';

it('removes copies that finished moves and exports have kept for thirty days, and nothing else', () => {
  const home = tempDir('prune');
  const before = process.env.CUTOVER_HOME;
  process.env.CUTOVER_HOME = home;
  onTestFinished(() => {
    if (before === undefined) delete process.env.CUTOVER_HOME;
    else process.env.CUTOVER_HOME = before;
  });
  const now = new Date('2026-11-21T00:00:00Z');
  const [old, young] = ['2026-10-20T00:00:00Z', '2026-10-25T00:00:00Z'];
  const put = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  };
  for (const [name, at] of [
    ['old', old],
    ['young', young],
    ['open', null],
  ] as const) {
    put(`files/${name}/journal.ndjson`, at ? `${JSON.stringify({ what: 'moved', at })}\n` : '');
    put(`files/${name}/snapshots/copy.sqlite`, 'rows');
    put(`exports/${name}/export.json`, JSON.stringify({ begunAt: at ?? now.toISOString() }));
    put(`exports/${name}/source-1.sqlite`, 'rows');
  }
  put('exports/seal.key', 'key');
  const lines: string[] = [];
  const output = { json: false, line: (text: string) => void lines.push(text), result: () => undefined };
  expect(pruneCopies(output as never, now)).toHaveLength(2);
  const left = [
    'files/old/journal.ndjson',
    'exports/seal.key',
    ...['young', 'open'].flatMap((name) => [`files/${name}/snapshots`, `exports/${name}/source-1.sqlite`]),
  ];
  expect(left.filter((file) => !existsSync(path.join(home, file)))).toEqual([]);
  expect(['files/old/snapshots', 'exports/old'].filter((file) => existsSync(path.join(home, file)))).toEqual([]);
  expect(lines).toEqual(['2 copies of moves and exports older than 30 days were removed; evidence stays.']);
  expect(pruneCopies(output as never, now)).toEqual([]);
});
