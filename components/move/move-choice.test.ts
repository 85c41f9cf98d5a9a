import { expect, it } from 'vitest';
import { closedReason, filesMatching, type MovableFile, parted, withLinks } from './move-choice';

const file = (name: string): MovableFile => ({
  id: name,
  name,
  root: '/data',
  kind: 'sqlite-file',
  bytes: '1',
  modifiedAt: '2026-11-21T00:00:00Z',
  blockedBy: null,
  links: [],
});

it('finds a file by words of its folder and name in any order', () => {
  const files = [file('shop/App.db'), file('notes.sqlite')];
  expect(filesMatching(files, 'app shop').map(({ id }) => id)).toEqual(['shop/App.db']);
  expect(filesMatching(files, ' ')).toEqual(files);
});

it('parts a folder from the name', () => {
  expect(parted('a/b/c.db')).toEqual({ folder: 'a/b/', file: 'c.db' });
  expect(parted('c.db')).toEqual({ folder: '', file: 'c.db' });
});

it('leads to every profile that a file belongs to', () => {
  const link = (text: string) => ({ text, href: `/${text}` });
  expect(withLinks('Source of sx/a', [link('sx/a')])).toEqual([{ text: 'Source of sx/a', href: '/sx/a' }]);
  const two = [link('sx/a'), link('sx/a_7')];
  expect(withLinks('Source of sx/a and sx/a_7', two)).toEqual([
    { text: 'Source of ', href: null },
    two[0],
    { text: ' and ', href: null },
    two[1],
  ]);
  expect(withLinks('Free', [])).toEqual([{ text: 'Free', href: null }]);
});

it('says why the press is closed, the first reason first', () => {
  const open = {
    file: file('a.db'),
    trouble: false,
    targets: 1,
    dsnName: 'T',
    schema: 'a',
    usable: null,
  };
  expect(closedReason(open)).toBeUndefined();
  expect(closedReason({ ...open, file: null })).toBe('Choose a file first.');
  expect(closedReason({ ...open, trouble: true })).toBe('This file cannot be moved as it is.');
  expect(closedReason({ ...open, dsnName: '' })).toBe('Choose a DSN.');
  expect(closedReason({ ...open, dsnName: '', targets: 0 })).toBe('No DSN is named by the fleet file.');
  expect(closedReason({ ...open, schema: ' ' })).toBe('Write a schema name.');
  expect(closedReason({ ...open, usable: false })).toBe('The schema name cannot be used.');
});
