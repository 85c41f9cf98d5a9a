import { readFileSync } from 'node:fs';

export const SIGN_OFF_ROLES = ['releaseManager', 'incidentCommander', 'platformOperator', 'governanceLead'];
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function judgeRole(role, entry) {
  const fail = (details) => ({ gate: role, status: 'fail', details });
  if (!entry) return fail('is missing');
  if (!entry.owner || !entry.contact) return fail('has no owner or no contact');
  if (!['pending', 'approved', 'rejected'].includes(entry.status))
    return fail(`has the unknown status "${entry.status}"`);
  if (entry.status === 'pending') return fail('is pending');
  if (!entry.approvalRef || !ISO.test(entry.signedAt ?? '')) return fail('has no approvalRef or no signedAt');
  return entry.status === 'approved'
    ? { gate: role, status: 'pass', details: `${entry.owner}, ${entry.approvalRef}` }
    : fail(`is rejected by ${entry.owner}: ${entry.notes ?? 'no reason given'}`);
}

/** The four named roles of a manifest file: what stands, and drafts of what to ask of whom. */
export function judgeSignOffs(file) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const gates = SIGN_OFF_ROLES.map((role) => judgeRole(role, manifest[role]));
  const pending = SIGN_OFF_ROLES.filter((role) => manifest[role]?.status === 'pending').map((role) => ({
    subject: `Sign-off of ${role} is open`,
    message: `${manifest[role].owner}, please decide on the cutover and answer with your approval reference.`,
  }));
  return { gates, pending };
}
