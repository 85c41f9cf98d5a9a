import { expect, it } from 'vitest';
import { initialsAmong } from './initials';

const told = (...names: string[]) => names.map(initialsAmong(names));

it('gives people the usual initials as long as nobody else has them', () =>
  expect(told('Olga Operator', 'Ada Admin', 'Ivan')).toEqual(['OO', 'AA', 'IV']));

it('tells apart those who would share them, whoever is asked about first', () => {
  expect(told('Rafael Reviewer', 'Rena Release', 'Olga Operator')).toEqual(['RA', 'RE', 'OO']);
  expect(told('Rena Release', 'Olga Operator', 'Rafael Reviewer')).toEqual(['RE', 'OO', 'RA']);
  expect(told('Rafael Ross', 'Raul Ross', 'Rahel Ross')).toEqual(['RF', 'RU', 'RH']);
});

it('takes none that another person has', () =>
  expect(told('Rafael Reviewer', 'Rena Release', 'Rudi Adler')).toEqual(['RF', 'RN', 'RA']));

it('leaves two of one name alike, and a stranger with the usual ones', () => {
  expect(told('Rita Ross', 'Rita Ross')).toEqual(['RR', 'RR']);
  expect(initialsAmong(['Rafael Reviewer'])('Rena Release')).toBe('RR');
});
