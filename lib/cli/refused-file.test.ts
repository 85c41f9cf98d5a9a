import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onCluster } from '@/lib/testing/databases';
import { commandLine } from './testing/command-line';
import { allText, dirty, moveTo, psql, schemasOf, shop } from './testing/shop';

describe('what is refused', () => {
  it('says at check what run would say of a schema that holds somebody else’s tables, or is somebody else’s', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    psql(line.database.dsn, 'create schema taken; create table taken.mine (id int)');
    await onCluster(['create schema theirs'], line.database.adminDsn);
    for (const [schema, words] of [
      ['taken', /holds 1 objects already \(mine\)/],
      ['theirs', /schema "theirs" belongs to role \w+/],
    ] as const)
      for (const verb of ['check', 'run']) {
        const { code, out, err } = await line.cutover(
          verb,
          'shop.db',
          ...moveTo(schema),
          ...(verb === 'run' ? ['--yes'] : []),
        );
        expect({ verb, schema, code, out, err }).toMatchObject({ code: 1, err: expect.stringMatching(words) });
        expect(out).not.toContain('It would move');
      }
  }, 120_000);

  it('names a code and a next move for every wrong input, creates no file and leaves the target as it was', async () => {
    const line = await commandLine();
    line.file('shop.db', shop);
    writeFileSync(path.join(line.folder, 'empty.db'), '');
    writeFileSync(path.join(line.folder, 'text.db'), 'no database at all\n'.repeat(100));
    mkdirSync(path.join(line.folder, 'folder.db'));
    psql(line.database.dsn, 'create schema taken; create table taken.mine (id int)');
    const before = schemasOf(line);
    const files = readdirSync(line.folder).sort();
    const url = new URL(line.database.dsn);
    const cases: [string[], number, string][] = [
      [['missing.db', ...moveTo('s')], 1, 'source_missing'],
      [['no/such/folder.db', ...moveTo('s')], 1, 'source_missing'],
      [['folder.db', ...moveTo('s')], 1, 'source_forbidden'],
      [['empty.db', ...moveTo('s')], 1, 'source_empty'],
      [['text.db', ...moveTo('s')], 1, 'source_not_a_database'],
      [['shop.db', '--to', 'env:TARGET'], 2, 'input_invalid'],
      [['shop.db', ...moveTo('taken')], 1, 'target_not_empty'],
      [['shop.db', ...moveTo('public')], 1, 'schema_name_invalid'],
      [['shop.db', ...moveTo('ä'.repeat(40))], 1, 'schema_name_invalid'],
      [['shop.db', '--to', 'env:NOT_SET', '--schema', 's'], 1, 'dsn_missing'],
      [['shop.db', '--to', 'env:DATABASE_URL', '--schema', 's'], 2, 'dsn_invalid'],
      [['shop.db', '--to', 'host=x dbname=y', '--schema', 's'], 2, 'dsn_invalid'],
      [
        ['shop.db', '--to', `postgres://${url.username}:wrong-one@${url.host}${url.pathname}`, '--schema', 's'],
        2,
        'dsn_invalid',
      ],
      [['shop.db', '--to', 'postgres://nobody@127.0.0.1:1/none', '--schema', 's'], 1, 'target_unreachable'],
      [['shop.db', ...moveTo('s'), '--rule', 'goods.title.nul_in_text=strip-nul'], 2, 'rule_unknown'],
      [['shop.db', ...moveTo('s'), '--rule', 'no-rule'], 2, 'input_invalid'],
      [['shop.db', ...moveTo('s'), '--runbook', 'none-such'], 1, 'runbook_invalid'],
    ];
    for (const [argv, code, word] of cases) {
      const ended = await line.cutover('run', ...argv, '--yes');
      expect([argv.join(' '), ended.code, ended.err.split('\n')[0]]).toEqual([
        argv.join(' '),
        code,
        expect.stringContaining(`[${word}]`),
      ]);
      expect(ended.err.trim().split('\n').length).toBeGreaterThan(1);
      expect(ended.out + ended.err).not.toContain('wrong-one');
    }
    expect(readdirSync(line.folder).sort()).toEqual(files);
    expect(schemasOf(line)).toBe(before);
    expect(allText(line.home)).not.toContain('wrong-one');
  }, 180_000);

  it('refuses a rule that a finding does not offer, and a role that may not make a schema', async () => {
    const line = await commandLine();
    line.file('dirty.db', dirty);
    const rule = await line.cutover(
      'check',
      'dirty.db',
      ...moveTo('s'),
      '--rule',
      'goods.title.nul_in_text=take-whole',
    );
    expect([rule.code, rule.err]).toEqual([2, expect.stringMatching(/rule_unknown[\s\S]*It offers: .*strip-nul/)]);
    await onCluster([
      `revoke create on database "${line.database.name}" from "${line.database.name}", public`,
      `alter database "${line.database.name}" owner to current_user`,
    ]);
    const rights = await line.cutover('run', 'dirty.db', ...moveTo('s'), '--yes', '--json');
    expect(rights.code).toBe(1);
    expect(rights.out).toContain('permission denied');
    expect(psql(line.database.dsn, "select count(*) from pg_namespace where nspname = 's'")).toBe('0');
  }, 120_000);
});
