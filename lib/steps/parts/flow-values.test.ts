import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Flow } from '@/lib/fleet/flow-schema';
import { tempDir } from '@/lib/testing/databases';
import type { StepContext } from '@/lib/steps/step';
import { attemptNames } from './flow-values';

function contextOn(file: string, facts: Record<string, unknown> = {}, attemptId = 'one'): StepContext {
  const source = { kind: 'sqlite-file', path: file, scope_column: 'source_id', scope_columns: {} };
  return {
    cutoverId: 'c',
    attemptId,
    step: { id: 'smoke' },
    profile: { source_id: 'mine', source },
    allowedRoots: [path.dirname(file)],
    snapshotDir: path.dirname(file),
    workDir: path.dirname(file),
    runbook: {
      phases: [
        {
          steps: [
            { id: 'snapshot-source', kind: 'snapshot-source' },
            { id: 'export', kind: 'export' },
            { id: 'smoke', kind: 'smoke' },
          ],
        },
      ],
    },
    fact: (step: string, name: string) => facts[`${step}.${name}`],
    factOrNull: (step: string, name: string) => facts[`${step}.${name}`] ?? null,
  } as unknown as StepContext;
}

function makeFile(): string {
  const file = path.join(tempDir('flow-values'), 'a.db');
  const db = new Database(file);
  db.exec(`create table workflows (id text, source_id text, handle text, is_archived integer, size integer, primary key (id));
    insert into workflows values ('b', 'mine', 'second', 1, 9007199254740993), ('a', 'other', 'foreign', 1, 1),
      ('c', 'mine', null, 0, 3), ('d', 'mine', '', null, 4)`);
  db.close();
  return file;
}

const flowAsking = (...texts: string[]): Flow =>
  ({ title: 't', checks: [{ kind: 'http', path: '/', json: texts, capture: {} }] }) as unknown as Flow;

describe('names that a flow asks for', () => {
  it('count, find and weigh the rows of this profile alone, in the copy that was loaded or in the live file', () => {
    const copy = makeFile();
    const flow = flowAsking(
      '${count.workflows.handle}',
      '${true.workflows.is_archived}',
      '${first.workflows.handle}',
      '${first.workflows.size}',
      '${mark}',
    );
    const wanted = {
      'count.workflows.handle': '2',
      'true.workflows.is_archived': '1',
      'first.workflows.handle': 'second',
      'first.workflows.size': '9007199254740993',
    };
    const facts = { 'snapshot-source.path': copy, 'snapshot-source.digest': 'd' };
    expect(attemptNames(contextOn(path.join(path.dirname(copy), 'absent.db'), facts), flow, 'loaded')).toEqual(wanted);
    expect(attemptNames(contextOn(copy), flow, 'live')).toEqual(wanted);
  });

  it('say what the source lacks instead of leaving a check unasked', () => {
    const ctx = contextOn(makeFile());
    expect(() => attemptNames(ctx, flowAsking('${count.workflows.nope}'), 'live')).toThrow(
      /count\.workflows\.nope}: the source has no such column/,
    );
    expect(() => attemptNames(ctx, flowAsking('${input}'), 'live')).toThrow(/export has written nothing/);
  });

  it('hold a UUID that stays within an attempt and is another one in the next', () => {
    const flow = flowAsking('${uuid.1} ${uuid.2}');
    const file = makeFile();
    const first = attemptNames(contextOn(file), flow, 'live');
    expect(first['uuid.1']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(attemptNames(contextOn(file), flow, 'live')).toEqual(first);
    expect(
      new Set([...Object.values(first), ...Object.values(attemptNames(contextOn(file, {}, 'two'), flow, 'live'))]).size,
    ).toBe(4);
  });

  it('hold the place of what the last export step wrote', () => {
    const ctx = contextOn(makeFile(), { 'export.path': '/exports/one' });
    expect(attemptNames(ctx, flowAsking('${input}'), 'live')).toEqual({ input: '/exports/one' });
  });
});
