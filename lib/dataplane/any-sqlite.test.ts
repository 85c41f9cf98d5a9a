import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

test('keys, identity, checks, defaults, partial and folded indexes, generated columns and foreign keys arrive and hold', async () => {
  const moved = await movedFile(
    'design',
    `create table people (id integer primary key autoincrement, name text not null collate nocase unique, mail varchar(40),
        active boolean not null default 1 check (active in (0, 1)), made text default current_timestamp,
        full text generated always as (name || ' <' || coalesce(mail, '') || '>') stored, score real default 1.5, price decimal(10, 2),
        boss integer references people, check (length(name) > 0 and score >= 0));
      create table jobs (org text, no int, who integer references people (id) on delete cascade deferrable initially deferred, primary key (org, no)) without rowid;
      create unique index "one active" on people (mail) where active = 1 and mail is not null;
      create index by_fold on people (lower(name), score desc);
      insert into people (name, mail, active, score, price, boss) values ('Ann', 'a@x', 1, 0.1, 10, null), ('Bob', null, 0, 2, 12.5, 1), ('Zoë', 'z@x', 1, 1e300, null, 2);
      insert into jobs values ('a', 1, 1), ('a', 2, 3);
      delete from people where name = 'gone'; update sqlite_sequence set seq = 1000;`,
  );
  expect(moved.design().notCarried).toEqual([]);
  expect(await moveWhole(moved)).toMatchObject({ open: [], rows: '5', equal: '5', differences: [], passed: true });
  await expect(moved.query(`insert into app.people (name) values ('ANN')`)).rejects.toThrow(/people_name_key/);
  await expect(moved.query(`insert into app.jobs values ('b', 1, 99)`)).rejects.toThrow(/foreign key/);
  await expect(moved.query(`insert into app.people (name) values ('')`)).rejects.toThrow(/people_check/);
  const [fresh] = await moved.query(`insert into app.people (name) values ('New') returning *`);
  expect(fresh).toMatchObject({ id: '1003', active: 't', full: 'New <>', score: '1.5' });
  expect(fresh?.made).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});
