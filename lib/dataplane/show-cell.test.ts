import { expect, test } from 'vitest';
import { showDiff } from '@/lib/cli/local/show-diff';
import { fixture } from '@/lib/testing/dataplane-fixture';

const nfc = '\u00e1';
const nfd = 'a\u0301';

test('what eyes cannot tell apart is named on both sides, and of long values the place where they begin to differ', async () => {
  const f = await fixture('seen cells', {
    sqlite: `create table v (id text primary key, t text, b blob);
      insert into v values ('nfc', '${nfc}', null), ('space', 'a b', null), ('bom', '\ufeffbom', null), ('plain', 'abc', null),
        ('bit', null, zeroblob(3000) || x'01'), ('short', null, x'00ff'), ('long', printf('%.*c', 5000, 'x') || 'y', null), ('k ', 'key', null);
      update v set b = cast(b as blob) where b is not null;`,
    target: 'create table v (id text primary key, t text, b bytea)',
  });
  await f.load();
  await f.sql(`update p.v set t = '${nfd}' where id = 'nfc'; update p.v set t = 'a\u00a0b' where id = 'space';
    update p.v set t = 'bom' where id = 'bom'; update p.v set t = 'abd' where id = 'plain'; update p.v set t = left(t, 5000) || 'z' where id = 'long';
    update p.v set b = set_byte(b, 1000, 1) where id = 'bit'; update p.v set b = '\\x00fe' where id = 'short'; update p.v set id = 'k\u00a0' where id = 'k '`);
  const diff = await f.diff();
  const sides = Object.fromEntries(
    diff.sample.map(({ key, cells }) => [
      key,
      [cells[0]?.source, cells[0]?.target].map((one) => one?.differs ?? one?.text),
    ]),
  );
  const zeros = (count: number) => '00'.repeat(count);
  expect(sides).toEqual({
    nfc: ['U+00E1 at character 0', '"a" U+0301 at character 0'],
    space: ['U+0020 at character 1', 'U+00A0 at character 1'],
    bom: ['U+FEFF at character 0', 'nothing at character 0'],
    plain: ['abc', 'abd'],
    bit: ['first difference at byte 1000', 'first difference at byte 1000'],
    short: ['first difference at byte 1', 'first difference at byte 1'],
    long: ['first difference at character 5000', 'first difference at character 5000'],
    'k ': ['k ', undefined],
    'k\\u00a0': [undefined, 'U+00A0 at character 1'],
  });
  const bit = diff.sample.find(({ key }) => key === 'bit')?.cells[0];
  expect(bit?.source).toMatchObject({
    from: 984,
    bytesHex: zeros(48),
    text: `3001 bytes, from byte 984: ${zeros(48)}`,
  });
  expect(bit?.target).toMatchObject({ from: 984, bytesHex: `${zeros(16)}01${zeros(31)}` });
  const lines: string[] = [];
  showDiff({ json: false, line: (text: string) => lines.push(text), result: () => undefined } as never, diff);
  const printed = lines.join('\n');
  expect(printed).toContain(
    `source text "${nfc}" (U+00E1 at character 0)\n      target text "${nfd}" ("a" U+0301 at character 0)`,
  );
  expect(printed).toContain(
    'source blob "2 bytes: 00ff" (first difference at byte 1)\n      target bytea "2 bytes: 00fe"',
  );
});
