import { expect, it } from 'vitest';
import { answerWords } from './answer-words';

it.each([
  [
    '{"ok":false,"storage":{"backend":"postgres"},"error":"The database does not answer."}',
    'The database does not answer',
  ],
  ['{"detail":[{"loc":["body"],"msg":"x","message":"field required"}]}', 'field required'],
  ['{"error":{"code":7,"message":"pool\\nexhausted"}}', 'pool exhausted'],
  ['{"ok":false}', ''],
  ['{"ok":fal', ''],
  ['<html><body>503</body></html>', ''],
  ['Service Unavailable\n', 'Service Unavailable'],
  ['', ''],
])('says what a service said, never its JSON or markup: %s', (body, words) => expect(answerWords(body)).toBe(words));

it('says no secret and no more than a line', () => {
  const words = answerWords(JSON.stringify({ message: `postgres://me:hunter2@db/app ${'x'.repeat(400)}` }));
  expect(words).not.toContain('hunter2');
  expect(words.length).toBeLessThan(170);
});
