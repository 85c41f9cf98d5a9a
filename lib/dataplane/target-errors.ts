import { CutoverError, type ErrorCode, type Retry } from '@/lib/errors';

type Known = { code: ErrorCode; what: string; advice: string; retry?: Retry };

const bySqlState: Record<string, Known> = {
  '28P01': {
    code: 'target_password_wrong',
    what: 'refused the sign-in',
    advice:
      'Correct role and password of the DSN: under the name that dsn_env of the fleet file gives, in the secrets file (CUTOVER_SECRETS).',
  },
  '28000': { code: 'target_password_wrong', what: 'refused this role', advice: 'Check role and pg_hba.conf.' },
  '3D000': {
    code: 'target_database_missing',
    what: 'has no such database',
    advice: 'Create the database or correct the DSN.',
  },
  '42501': {
    code: 'target_privilege_missing',
    what: 'refused for lack of a privilege',
    advice: 'Grant what the message names to the DSN’s role.',
  },
  '25006': {
    code: 'target_read_only',
    what: 'takes no writes (read-only or standby)',
    advice: 'Point the DSN at the primary.',
  },
  '53100': {
    code: 'disk_full',
    what: 'has no space left',
    advice: 'Free space there, then retry; what is committed stays.',
    retry: 'later',
  },
  '53300': {
    code: 'target_unreachable',
    what: 'has no free connection',
    advice: 'Wait for a free connection, then retry.',
    retry: 'later',
  },
  '57P01': {
    code: 'target_unreachable',
    what: 'ended the connection',
    advice: 'Wait until it is up again, then retry; committed batches stay.',
    retry: 'later',
  },
  '57P02': {
    code: 'target_unreachable',
    what: 'crashed',
    advice: 'Wait until it is up again, then retry; committed batches stay.',
    retry: 'later',
  },
  '57P03': {
    code: 'target_unreachable',
    what: 'is starting up or shutting down',
    advice: 'Retry in a moment.',
    retry: 'later',
  },
  '55P03': {
    code: 'target_unreachable',
    what: 'did not grant a lock in time',
    advice: 'End the session that holds the table, then retry.',
    retry: 'later',
  },
};
const networkCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  // a socket file that is not there, or may not be used
  'ENOENT',
  'EACCES',
]);

const isCertificate = (code: string): boolean =>
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET)_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/.test(
    code,
  );

/** Anything the driver throws, as an error a person can act on; what is not known is returned as it is. */
export function targetError(thrown: unknown, where: string): unknown {
  if (thrown instanceof CutoverError || !(thrown instanceof Error)) return thrown;
  const code = 'code' in thrown ? String(thrown.code) : '';
  const known = bySqlState[code];
  if (known)
    return new CutoverError(
      {
        code: known.code,
        message: `${where} ${known.what}: ${thrown.message}.`,
        advice: known.advice,
        retry: known.retry ?? 'never',
        facts: { sqlstate: code },
      },
      { cause: thrown },
    );
  if (isCertificate(code) || /does not support SSL/.test(thrown.message))
    return new CutoverError(
      {
        code: 'target_unreachable',
        message: `${where} shows no certificate that can be trusted: ${thrown.message}.`,
        advice: 'Give its authority by sslrootcert in the DSN, or let the server use a certificate that is signed.',
        facts: { certificate: code },
      },
      { cause: thrown },
    );
  if (
    networkCodes.has(code) ||
    /Connection terminated|timeout expired|connection error and is not queryable/i.test(thrown.message)
  )
    return new CutoverError(
      {
        code: 'target_unreachable',
        message: `${where} cannot be reached: ${thrown.message || code}.`,
        advice: 'Check host, port and that PostgreSQL is running; then retry.',
        retry: 'later',
        facts: { network: code },
      },
      { cause: thrown },
    );
  return thrown;
}

/** SQLSTATE of a driver error, or ''. */
export const sqlState = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
