import { expect, it } from 'vitest';
import { unknownCutover, unknownProfile, unknownRunbook } from './unknown-words';

it('names what the address asked for, and never says of a known cutover that it is not there', () => {
  expect(unknownProfile({ system: 'sx', sourceId: 'lib%20one' })).toBe('There is no profile lib one in a system sx');
  expect(unknownCutover({ cutoverId: 'c-1' }, null)).toBe('There is no cutover c-1');
  expect(unknownCutover({ cutoverId: 'c-1' }, 'gone')).toBe('There is no cutover c-1 with a step gone');
  expect(unknownRunbook({ name: 'of%20mine' })).toBe('There is no runbook of mine');
  expect(unknownProfile({ system: '%E0%A4', sourceId: 'x'.repeat(500) })).toMatch(/^.{1,140}$/);
});
