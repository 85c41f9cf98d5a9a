import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import { compareCounts } from './parts/log-judgement';
import { readDocumentExport } from './parts/read-export';
import { countLog } from './parts/request-log';
import { findTexts } from './parts/service-output';

const start = Date.parse('2026-11-21T02:00:00Z');
const line = (second: number, kind: string): string => {
  const [method, route, status] = kind.split(' ');
  return JSON.stringify({
    time: new Date(start + second * 1000).toISOString(),
    method,
    path: route,
    status: Number(status),
    ms: 1,
  });
};
const times = (count: number, kind: string, from = 0, every = 1): string[] =>
  Array.from({ length: count }, (_, at) => line(from + at * every, kind));

function countLines(lines: string[], fromSecond: number, untilSecond: number) {
  const file = path.join(tempDir('log'), 'service.log');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return countLog(file, new Date(start + fromSecond * 1000), new Date(start + untilSecond * 1000));
}
const wrong = (before: ReturnType<typeof countLines>, now: ReturnType<typeof countLines>) =>
  compareCounts(before, now, { times_baseline: 5, at_least: 5 })
    .filter((row) => row.wrong)
    .map((row) => row.kind);

describe('log scan', () => {
  const baseline = countLines([...times(600, 'GET /items 200'), ...times(20, 'GET /items/{id} 404', 0, 30)], 0, 600);

  it('counts by method, path template and status inside the window only', () => {
    const counts = countLines([...times(10, 'GET /items 200'), 'not json', '{"broken"'], 3, 6);
    expect(counts).toMatchObject({ classes: { 'GET /items 200': 4 }, answers: 4, unread: 2 });
  });

  it('reads the common log format and folds ids', () => {
    const counts = countLines(
      ['127.0.0.1 - - [21/Nov/2026:02:00:01 +0000] "PUT /items/abc123/meta?x=1 HTTP/1.1" 500 12'],
      0,
      10,
    );
    expect(counts.classes).toEqual({ 'PUT /items/{id}/meta 500': 1 });
    expect(counts.serverErrorsByMinute).toEqual({ '2026-11-21T02:00': 1 });
  });

  it('is quiet when the same few refusals go on at the same rate', () => {
    expect(
      wrong(baseline, countLines([...times(60, 'GET /items 200'), ...times(2, 'GET /items/{id} 404')], 0, 60)),
    ).toEqual([]);
  });

  it('finds one single 500 of a kind the baseline lacks', () => {
    expect(
      wrong(baseline, countLines([...times(60, 'GET /items 200'), line(7, 'PUT /items/{id}/note-md 500')], 0, 60)),
    ).toEqual(['PUT /items/{id}/note-md 500']);
  });

  it('finds a burst of a known refusal, in a window of another length', () => {
    expect(wrong(baseline, countLines(times(30, 'GET /items/{id} 404'), 0, 60))).toEqual(['GET /items/{id} 404']);
  });

  it('says that a new kind only grows, and that a burst may pass', () => {
    const now = countLines([...times(30, 'GET /items/{id} 404'), line(7, 'PUT /items/{id}/note-md 500')], 0, 60);
    const rows = compareCounts(baseline, now, { times_baseline: 5, at_least: 5 });
    expect(rows.filter((row) => row.wrong).map(({ kind, lasts }) => [kind, lasts])).toEqual([
      ['GET /items/{id} 404', false],
      ['PUT /items/{id}/note-md 500', true],
    ]);
  });

  it('lets a few new refusals pass, but not five', () => {
    expect(wrong(baseline, countLines(times(4, 'GET /search 422'), 0, 60))).toEqual([]);
    expect(wrong(baseline, countLines(times(5, 'GET /search 422'), 0, 60))).toEqual(['GET /search 422']);
  });
});

describe('texts that a service must not have said', () => {
  it('are found behind a place only, also across pieces and in the last line without an end', () => {
    const file = path.join(tempDir('said'), 'service.out');
    const before = 'storage flush failed: before the switch\n';
    writeFileSync(file, `${before}${'x'.repeat(1_100_000)}\nstorage flush failed: 22021\nfine\nstorage flush failed`);
    expect(findTexts(file, before.length, ['storage flush failed', 'panic'])).toEqual([
      { text: 'storage flush failed', count: 2, first: 'storage flush failed: 22021' },
    ]);
    expect(findTexts(file, 10_000_000, ['before the switch'])?.[0]?.count).toBe(1);
    expect(findTexts(`${file}.none`, 0, ['x'])).toBeNull();
  });
});

describe('an export that is one JSON document', () => {
  it('is counted list by list and keeps the members that are asked for', () => {
    const file = path.join(tempDir('document'), 'snapshot.json');
    writeFileSync(file, JSON.stringify({ fingerprint: 'f', users: [1, 2], posts: [], made: 'x' }));
    expect(readDocumentExport(file, ['fingerprint'])).toMatchObject({
      counts: { users: 2, posts: 0 },
      kept: { fingerprint: 'f' },
      broken: 0,
    });
    writeFileSync(file, '{"users": [1,');
    expect(readDocumentExport(file, []).broken).toBe(1);
  });
});
