import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { makeRecord } from '@/e2e/fleet/humanonly/audit-log.mjs';
import { copyCompanion } from '@/lib/sources/companion-file';
import { tempDir } from '@/lib/testing/databases';
import { notPassed, openWalk } from '@/lib/testing/walk-context';

const fields =
  'schemaVersion recordId sequence previousHash actorId action targetType targetId metadata createdAt'.split(' ');
const format = { fields, hash: 'hash', previous: 'previousHash', sequence: 'sequence' };
type ChainLine = ReturnType<typeof makeRecord>;

/** A chain as the service writes it, with metadata that no re-serialising leaves alone. */
function chainOf(length: number): ChainLine[] {
  const records: ChainLine[] = [];
  for (let at = 0; at < length; at += 1)
    records.push(
      makeRecord(records.at(-1), {
        actorId: `usr_${at}`,
        action: 'feed.requested',
        targetType: 'feed',
        metadata: { zeta: 1, alpha: 'Größe "✓"', 2: 'two', nested: { b: [1, 2.5, 1e21], a: null } },
      }),
    );
  return records;
}
const linesOf = (records: readonly object[]): string => `${records.map((one) => JSON.stringify(one)).join('\n')}\n`;

function openProfile(text: string) {
  const home = tempDir('chain');
  const log = path.join(home, 'audit.jsonl');
  writeFileSync(log, text);
  const db = new Database(path.join(home, 'app.db'));
  db.exec('create table notes (id integer primary key); insert into notes values (1)');
  db.close();
  const step = (id: string, kind: string, params: object) => ({ id, kind, planned_seconds: 1, params });
  const chain = (id: string, params: object) => step(id, 'audit-chain', { file: 'audit-log', ...params });
  writeFileSync(
    path.join(home, 'chained.yaml'),
    stringify({
      name: 'chained',
      version: '1',
      title: 'Chained',
      summary: 'A chain before and after.',
      from: 'sqlite',
      to: 'postgres',
      way_back: 'none',
      freeze_limit_seconds: 60,
      phases: [
        {
          id: 'all',
          title: 'All',
          at_seconds: 0,
          steps: [
            chain('before', { format }),
            step('snapshot-source', 'snapshot-source', { with_files: ['audit-log'] }),
            chain('copy', { from: 'snapshot-source', continues: 'before' }),
            chain('after', { continues: 'before' }),
          ],
        },
      ],
    }),
  );
  const fleetFile = path.join(home, 'fleet.yaml');
  const source = { kind: 'sqlite-file', path: path.join(home, 'app.db'), companions: { 'audit-log': log } };
  const profile = { source_id: 'one', source, target: { dsn_env: 'DSN', schema: 'one' }, runbook: 'chained' };
  writeFileSync(
    fleetFile,
    stringify({
      environment: 'test',
      allowed_roots: [home],
      runbooks: ['chained.yaml'],
      systems: [{ name: 'chained', title: 'Chained', profiles: [profile] }],
    }),
  );
  const secretsFile = path.join(home, 'secrets.env');
  writeFileSync(secretsFile, 'DSN=postgres://nobody@127.0.0.1:1/none\n');
  return { log, walk: openWalk({ home, fleetFile, secretsFile, system: 'chained', sourceId: 'one' }) };
}

describe('a hash-chained audit log', () => {
  it('is whole before, copied byte for byte, and continued after', async () => {
    const records = chainOf(40);
    const { log, walk } = openProfile(linesOf(records.slice(0, 30)));
    expect(notPassed(await walk.run('before'))).toEqual([]);
    appendFileSync(log, linesOf(records.slice(30, 35)));
    expect(notPassed(await walk.run('snapshot-source'))).toEqual([]);
    const [copy] = walk.facts.get('snapshot-source.companions') as { path: string }[];
    expect(readFileSync(copy?.path ?? '')).toEqual(readFileSync(log));
    expect(notPassed(await walk.run('copy'))).toEqual([]);
    appendFileSync(log, linesOf(records.slice(35)));
    expect(notPassed(await walk.run('after'))).toEqual([]);
    expect(walk.facts.get('after.verified')).toMatchObject({ records: 40, lastHash: records.at(-1)?.hash });
    expect(walk.findings).toEqual([]);
  });

  it.each([
    [
      'a changed value',
      (lines: ChainLine[]) => [...lines.slice(0, 6), { ...lines[6], action: 'x' }, ...lines.slice(7)],
      7,
      'was changed',
    ],
    [
      'metadata in another order, as jsonb would keep it',
      (lines: ChainLine[]) =>
        lines.map((one, at) =>
          at === 4
            ? { ...one, metadata: { alpha: 'Größe "✓"', zeta: 1, 2: 'two', nested: { b: [1, 2.5, 1e21], a: null } } }
            : one,
        ),
      5,
      'was changed',
    ],
    ['a missing record', (lines: ChainLine[]) => lines.toSpliced(8, 1), 9, 'stands where 9 belongs'],
    [
      'a member that no hash covers',
      (lines: ChainLine[]) => lines.map((one, at) => (at === 2 ? { ...one, note: 'x' } : one)),
      3,
      'covered by no hash',
    ],
    [
      'a second writer',
      (lines: ChainLine[]) => [...lines, makeRecord(lines.at(-2), { actorId: 'b', action: 'y', targetType: 'z' })],
      13,
      'two writers',
    ],
  ])('tells %s by its line, once', async (_, damage, line, words) => {
    const { walk } = openProfile(linesOf(damage(chainOf(12)) as object[]));
    const verdict = await walk.run('before');
    expect(verdict.checkpoints.map(({ verdict: word }) => word)).toEqual(['failed']);
    expect(walk.findings.map(({ sample }) => sample[0]?.key)).toEqual([`line ${line}`]);
    expect(walk.findings[0]?.message).toContain(words);
  });

  it('tells a torn last line, a line that is no JSON, and an empty log', async () => {
    const text = linesOf(chainOf(5));
    const torn = openProfile(text.slice(0, -30)).walk;
    await torn.run('before');
    expect(torn.findings.map(({ code, sample }) => [code, sample[0]?.key])).toEqual([['chain_torn', 'line 5']]);
    const broken = openProfile(`${text}{"half":\n`).walk;
    await broken.run('before');
    expect(broken.findings.map(({ code, sample }) => [code, sample[0]?.key])).toEqual([['chain_not_json', 'line 6']]);
    expect((await openProfile('').walk.run('before')).checkpoints[0]?.verdict).toBe('unknown');
  });

  it('finds a beginning that was rewritten with a chain that is whole in itself, and one that was cut', async () => {
    const records = chainOf(12);
    const { log, walk } = openProfile(linesOf(records));
    await walk.run('before');
    await walk.run('snapshot-source');
    let last: ChainLine | undefined;
    const forged = records.map((one, at) => {
      const { createdAt: now, recordId } = one;
      last = makeRecord(last, { ...one, actorId: at === 5 ? 'usr_other' : one.actorId }, { now, recordId });
      return last;
    });
    writeFileSync(log, linesOf(forged));
    const [chain, continues] = (await walk.run('after')).checkpoints;
    expect([chain?.verdict, continues?.verdict]).toEqual(['passed', 'failed']);
    expect(continues?.evidence.summary).toContain('line 6 is the first that differs');
    writeFileSync(log, linesOf(records.slice(0, 11)));
    expect((await walk.run('after')).checkpoints[1]?.evidence.summary).toContain('records are gone');
  });
});

describe('the copy of a companion file', () => {
  it('ends where the file ended when it was opened, and is made again when the file was rewritten', () => {
    const folder = tempDir('companion');
    const file = path.join(folder, 'log');
    const [to, allowedRoots] = [path.join(folder, 'copy'), [folder]];
    writeFileSync(file, Buffer.from([0x61, 0xff, 0x00, 0x0a]));
    expect(copyCompanion({ path: file, allowedRoots }, to, () => appendFileSync(file, 'more')).tries).toBe(1);
    expect(readFileSync(to)).toEqual(Buffer.from([0x61, 0xff, 0x00, 0x0a]));
    let rewritten = false;
    const rewrite = () => {
      if (!rewritten) writeFileSync(file, 'another text');
      rewritten = true;
    };
    expect(copyCompanion({ path: file, allowedRoots }, to, rewrite).tries).toBe(2);
    expect(readFileSync(to, 'utf8')).toBe('another text');
    expect(() => copyCompanion({ path: file, allowedRoots: ['/nowhere'] }, to)).toThrow('under no allowed root');
  });
});
