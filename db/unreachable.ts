import { CutoverError } from '@/lib/errors';

const causes: Record<string, [string, string]> = {
  ECONNREFUSED: ['nobody listens there', 'Start PostgreSQL, or correct host and port in DATABASE_URL.'],
  ENOTFOUND: ['the host name is unknown', 'Correct the host in DATABASE_URL.'],
  EAI_AGAIN: ['the host name could not be looked up', 'Check DNS, or correct the host in DATABASE_URL.'],
  ETIMEDOUT: ['the host does not answer', 'Check the network and firewall between this machine and the server.'],
  ECONNRESET: ['the connection was cut', 'Check that it is a PostgreSQL server and that it may take this connection.'],
  '28P01': ['the password is wrong', 'Correct user and password in DATABASE_URL.'],
  '28000': ['this user may not connect', 'Correct the user in DATABASE_URL, or allow it in pg_hba.conf.'],
  '3D000': ['the database does not exist and could not be created', 'Create the database, or grant CREATEDB.'],
  '42501': ['the user may not do this', 'Grant the user CREATE on the database, or create the database for it.'],
  '57P03': ['the server is starting up or shutting down', 'Wait a few seconds and start again.'],
  '53300': ['the server has no connection left', 'Raise max_connections, or stop what holds them.'],
};

/** Any failure to use the control plane, with host and port and never a password; errors of ours pass as they are. */
export function unreachable(url: string, thrown: unknown): CutoverError {
  if (thrown instanceof CutoverError) return thrown;
  const where = addressOf(url);
  const first = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const code = (first as { code?: string } | undefined)?.code ?? '';
  const text = first instanceof Error ? first.message : String(first);
  const timedOut = /timeout/i.test(text);
  const [cause, advice] = causes[timedOut ? 'ETIMEDOUT' : code] ?? [
    text,
    'Check DATABASE_URL and the log of the server.',
  ];
  return new CutoverError(
    {
      code: 'control_unreachable',
      message: `The control plane at ${where} cannot be used: ${cause}.`,
      advice,
      retry: 'later',
      facts: { where, code },
    },
    { cause: thrown },
  );
}

function addressOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || 'localhost'}:${port || 5432}${pathname}`;
  } catch {
    return 'an address that is no URL';
  }
}
