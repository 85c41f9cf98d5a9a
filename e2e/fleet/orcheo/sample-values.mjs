/** Seeded values for an Orcheo tenant. */
import { seededRandom } from '../sx_db/sample-text.mjs';

export { seededRandom };

const PHRASES = [
  'Summarise the weekly report',
  'route invoices to the ledger',
  'Übersetze die Notizen',
  'résumé des tickets ouverts',
  '顧客への返信を下書きする',
  'проверить очередь задач',
  'triage “urgent” mail ✉️',
  'tab\there and "quotes"',
  'back\\slash \\N end',
  'line one\nline two',
  '👩‍💻 pair on the parser',
];

export const samplePhrase = (random) => `${random.pick(PHRASES)} ${random.int(10_000)}`;

export function sampleUuid(random) {
  const hex = Array.from({ length: 32 }, () => random.int(16).toString(16));
  hex[12] = '4';
  hex[16] = '89ab'[random.int(4)];
  const text = hex.join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** A time of 2025 as Python's isoformat writes it: six digits of a second, or none. */
export function sampleTime(random) {
  const at = new Date(Date.UTC(2025, 0, 1) + random.int(300 * 86_400) * 1000).toISOString().slice(0, 19);
  return `${at}${random.chance(0.9) ? `.${String(1 + random.int(999_999)).padStart(6, '0')}` : ''}+00:00`;
}
