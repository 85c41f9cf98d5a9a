import { connect } from 'node:net';
import { NeedsPerson } from './say.mjs';

const waitMs = 5_000;

/** Whether somebody listens there: the reason why not, or null. */
const knock = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (reason) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(waitMs, () => done('the host does not answer'));
    socket.once('connect', () => done(null));
    socket.once('error', (error) =>
      done(
        { ECONNREFUSED: 'nobody listens there', ENOTFOUND: 'the host name is unknown' }[error.code] ?? error.message,
      ),
    );
  });

/** One's own control plane, asked before anything slow; the migration asks it properly.
 *  @throws NeedsPerson without the password of the address */
export async function requireDatabase(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.pathname.slice(1))
    throw new NeedsPerson(
      'DATABASE_URL is no address of a database: it needs postgres://user:password@host:port/database. control_unreachable',
    );
  // A socket folder in ?host= is for the driver to open.
  if (!url.hostname || url.searchParams.has('host')) return;
  const port = Number(url.port || 5432);
  const reason = await knock(url.hostname.replace(/^\[|\]$/g, ''), port);
  if (reason)
    throw new NeedsPerson(
      `The control plane at ${url.hostname}:${port}${url.pathname} cannot be used: ${reason}. Start PostgreSQL there, correct DATABASE_URL, or unset it for a private cluster. control_unreachable`,
    );
}
