/** Seeded values for an Orcheo tenant. */
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

/** A time of 2025 as Python's isoformat writes it: six digits of a second, or none. */
export function sampleTime(random) {
  const at = new Date(Date.UTC(2025, 0, 1) + random.int(300 * 86_400) * 1000).toISOString().slice(0, 19);
  return `${at}${random.chance(0.9) ? `.${String(1 + random.int(999_999)).padStart(6, '0')}` : ''}+00:00`;
}
