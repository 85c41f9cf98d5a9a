/** Steps that the runbooks of a switch have in common, in their order. A walk that names one its runbook lacks ends there. */
export const switching = ['freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary', 'thaw'];
export const rollback = [
  'rollback-freeze',
  'rollback-switch',
  'rollback-unfence',
  'rollback-verify',
  'rollback-thaw',
  'rollback-smoke',
];
