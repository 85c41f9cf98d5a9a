import { expect, it } from 'vitest';
import { differingPoints } from './differing-points';

const of = (source: string, target: string) => differingPoints(source, target, false);

it('leaves ordinary visible text to be read as it is', () => {
  const none = [null, null];
  expect(of('Wall', 'Wall (damaged)')).toEqual(none);
  expect(of('seen at 4:12…', 'seen at the gate')).toEqual(none);
  expect(of('Müller', 'Möller')).toEqual(none);
  expect(of('three words here', 'a b')).toEqual(none);
  expect(differingPoints('Wall', 'Wall (damaged)', true)[0]).toBe('first difference at character 4');
});

it('names what eyes cannot tell apart, and shows the visible text around it as text', () => {
  expect(of('end', 'end ')).toEqual(['nothing at character 3', 'U+0020 at character 3']);
  expect(of('a b', 'a  b')[1]).toBe('U+0020 at character 2');
  expect(of('a b', 'a\u200bb')).toEqual(['U+0020 at character 1', 'U+200B at character 1']);
  expect(of('a', '\u0430')).toEqual(['"a" at character 0', 'U+0430 at character 0']);
  expect(of('Wall', 'Wall (dam\u00a0aged)')[1]).toBe('" (dam" U+00A0 "aged)" at character 4');
  expect(of('A', '\uff21')[1]).toBe('U+FF21 at character 0');
  expect(of('line', 'line\r\n')[1]).toBe('U+000D U+000A at character 4');
});
