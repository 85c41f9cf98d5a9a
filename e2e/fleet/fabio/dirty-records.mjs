/**
 * What a careful preflight must catch before a move: each defect with the finding it must raise. The service made or
 * tolerated every one of them: its files have no types, no keys and no references.
 */
const GONE = '00000000-0000-4000-8000-000000000000';

/** Changes in records: table, the n-th record, the fields set. */
export const DIRT = [
  { table: 'customers', n: 3, finding: 'text-holds-nul', set: { display_name: 'colado\u0000 e cortado' } },
  { table: 'customers', n: 4, finding: 'not-a-uuid', set: { customer_id: 'cust-0001' } },
  { table: 'crm_leads', n: 3, finding: 'field-without-column', set: { nickname: 'Zé' } },
  { table: 'crm_leads', n: 4, finding: 'required-field-missing', set: { stage: undefined } },
  { table: 'billing_charges', n: 3, finding: 'more-than-two-decimals', set: { amount: 10.005 } },
  { table: 'billing_charges', n: 4, finding: 'text-too-long', set: { currency: 'REAIS' } },
  { table: 'billing_charges', n: 5, finding: 'not-a-date', set: { due_date: '31/12/2025' } },
  { table: 'billing_payments', n: 3, finding: 'orphan', set: { charge_id: GONE } },
  { table: 'owner_context_promotions', n: 1, finding: 'orphan', set: { memory_id: GONE } },
  { table: 'owner_memory_entries', n: 3, finding: 'number-out-of-range', set: { salience_score: 12.5 } },
  { table: 'agenda_appointments', n: 3, finding: 'not-a-time', set: { start_at: 'amanhã às 9h' } },
];

/** Doubles of a key: the second record takes these fields of the first. */
export const DOUBLES = [
  {
    table: 'customers',
    finding: 'duplicate-external-key',
    n: 6,
    of: 7,
    fields: ['tenant_id', 'external_key'],
    value: { external_key: 'ext-double' },
  },
  {
    table: 'crm_views',
    finding: 'duplicate-expression-key',
    n: 6,
    of: 7,
    fields: ['tenant_id', 'owner_user_id', 'module', 'name'],
    value: { owner_user_id: null },
  },
  { table: 'orchestration_commands', finding: 'duplicate-id', n: 6, of: 7, fields: ['command_id'], value: {} },
];

/** Damage to the bytes of a file. */
export const DAMAGE = [
  { file: 'orchestration/commands.ndjson', finding: 'torn-line', change: (text) => text.slice(0, -40) },
  {
    file: 'orchestration/events.ndjson',
    finding: 'broken-line',
    change: (text) => text.replace('\n', '\n{"event_id": oops\n'),
  },
  // The service reads it as empty and puts an empty one in its place at the next write.
  {
    file: 'orchestration/task-confirmations.json',
    finding: 'truncated-file',
    change: (text) => text.slice(0, Math.floor(text.length / 2)),
  },
];

export function spoil(made, renderFiles) {
  for (const { table, n, set } of DIRT) Object.assign(made[table][n], set);
  for (const { table, n, of, fields, value } of DOUBLES) {
    Object.assign(made[table][n], value);
    for (const field of fields) made[table][of][field] = made[table][n][field];
  }
  const files = renderFiles(made);
  for (const { file, change } of DAMAGE) files[file] = change(files[file]);
  return files;
}
